"""What the memory ledger has about one child, for the chronology."""

import orjson

from adapters.storage.memory.answers import person
from adapters.storage.memory.desk import MemoryDesk
from adapters.storage.memory.tables import Store
from router.chronicle import Chronicle, Noted, Owed, Told, ids_of, is_of, is_owed
from router.directory import PersonDoc
from router.facts import Facts


class MemoryChronicle(MemoryDesk):
    """Everything about one child, in the order it was kept."""

    store: Store

    async def chronicle(self, child: str) -> Chronicle | None:
        """All that is kept about a child, under whatever id; None where there is no such person."""
        s, doc = self.store, person(self.store, child)
        if doc is None:
            return None
        ids = ids_of(child, doc)
        rows = [d for id in ids for d in await self.deliveries(child=id)]
        numbers = {no for id in ids for no, _ in s.happened.get(id, ()) if self._counts(doc, id, no)}
        in_rows = ((d.delivery.child or "", s.deliveries[d.delivery.id].event_no) for d in rows)
        numbers |= {no for id, no in in_rows if no is not None and self._counts(doc, id, no)}
        noted = []
        for no in sorted(numbers):
            row = s.events[no]
            kept = orjson.loads(row.facts)
            files = {int(f): orjson.loads(s.versions[int(f), v]) for f, v in kept["families"].items()}
            told = [
                Told(d.delivery.team, d.state)
                for d in rows
                if s.deliveries[d.delivery.id].event_no == no and d.delivery.kind == "summary"
            ]
            noted.append(Noted(no, row.event, Facts.restore(kept, s.covers[kept["cover"]], files), tuple(told)))
        open_tasks = {t.task.id for t in await self.tasks()}
        clocks = [c for id in ids for c in await self.clocks(child=id)]
        owed = tuple(
            Owed(c.event_no, c.clock.words, c.clock.team, c.clock.steps[0].due, c.state)
            for c in clocks
            if is_owed(c.clock.id, c.state, c.clock.task, open_tasks)
        )
        mother = person(s, doc["mother"]) if "mother" in doc else None
        return Chronicle(child, doc, mother, s.cover, s.clock(), tuple(noted), owed)

    def _counts(self, doc: PersonDoc, id: str, no: int) -> bool:
        return is_of(doc, id, self.store.events[no].event.time)
