"""What the PostgreSQL ledger has about one child, for the chronology."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.storage.reading import Reading, Which
from router.chronicle import Chronicle, Noted, Owed, Told, ids_of, is_of, is_owed
from router.directory import PersonDoc


async def chronicle(reading: Reading, child: str) -> Chronicle | None:
    """All that is kept about a child, under whatever id; None where there is no such person.

    An event whose content was deleted under the retention rule is not among them."""
    doc = _place(await reading.person(child))
    if doc is None:
        return None
    ids = ids_of(child, doc)
    rows = await reading.deliveries(Which(children=list(ids), kinds=["summary"], limit=100_000))
    noted: dict[int, Noted] = {}
    for id in ids:
        for row in await reading.events_of(id):
            if row.no in noted or not is_of(doc, id, row.happened_at):
                continue
            kept = await reading.kept_event(row.no)
            if kept is not None:
                told = [Told(d.team, d.state) for d in rows if (d.event, d.publisher) == (row.id, row.publisher)]
                noted[row.no] = Noted(row.no, kept.event, kept.facts, tuple(reversed(told)))
    open_tasks = {t.id for id in ids for t in await reading.tasks(child=id, limit=100_000)}
    clocks = [c for id in ids for c in await reading.clocks(child=id) if is_owed(c.id, c.state, c.task, open_tasks)]
    owed = tuple(Owed(c.event_no, c.words, c.team, datetime.fromisoformat(c.steps[0][0]), c.state) for c in clocks)
    mother = _place(await reading.person(doc["mother"])) if "mother" in doc else None
    kept_in_order = tuple(noted[no] for no in sorted(noted))
    return Chronicle(child, doc, mother, await reading.cover(), await reading.now(), kept_in_order, owed)


def _place(doc: Mapping[str, Any] | None) -> PersonDoc | None:
    return dict(doc) if doc is not None else None  # type: ignore[return-value]
