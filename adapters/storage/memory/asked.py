"""Who was asked about a thing and what came back, in the memory ledger."""

from datetime import datetime

from adapters.storage.memory.tables import Store
from router.asked import AnswerRow, AskedRows, AskRow
from router.past import ANSWERED, ASKING, CANCELLED, RATED, RESTORED
from router.policy.book import Book


class MemoryAsked:
    """The reading that the MASH nurse's view is made of."""

    store: Store

    async def asked(self, reference: str, book: Book) -> AskedRows:
        """All that the ledger has about the request with this reference; empty where there is none."""
        s = self.store
        clocks = sorted(s.clocks.values(), key=lambda c: (c.clock.starts, c.clock.id))
        asks = [
            AskRow(
                c.clock.child or "",
                c.clock.team or "",
                c.clock.delivery or "",
                c.clock.starts,
                c.due,
                c.clock.steps[0].due,
                c.state,
                c.ended_how,
                tuple(r.owner for r in c.fired),
                tuple(r.state for r in s.receipts.values() if r.delivery == c.clock.delivery),
            )
            for c in clocks
            if c.clock.needs == "answer" and c.clock.thing == reference
        ]
        answers: list[AnswerRow] = []
        ratings: set[tuple[datetime, str]] = set()
        askers: set[str] = set()
        for child in sorted({a.child for a in asks}):
            for no, h in s.happened.get(child, ()):
                e = s.events[no].event
                if h.thing != reference or h.type.startswith(RESTORED):
                    continue
                if h.type.startswith(ASKING):
                    askers.add(h.type.removeprefix(ASKING))
                elif h.type.startswith(RATED):
                    ratings.add((datetime.fromisoformat(h.at), h.type.removeprefix(RATED)))
                elif e.type in book.answers and not h.type.removeprefix(CANCELLED).startswith(ANSWERED):
                    number = int(e.sequence or 0)
                    answers.append(
                        AnswerRow(child, h.type, e.id, e.type, e.publisher, e.data.record_id, number, e.time, e.body)
                    )
        return AskedRows(tuple(asks), tuple(answers), tuple(sorted(ratings)), tuple(sorted(askers)))
