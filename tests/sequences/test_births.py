"""Whatever was told of births, by whom and in whatever order: once all of it is taken back, nobody is dead of it."""

import os

import orjson
import pytest

from router.events import Received
from router.policy.book import rule_book
from router.take import take_in
from tests.agreements.cases import Case
from tests.agreements.memory_case import MemoryCase
from tests.sequences.both import both_keep_the_same
from tests.sequences.play import Played
from tests.stack import Database

KINDS = ["birth-notified-1"] * 4 + [
    "pregnancy-notified-1",
    "maternity-handover-1",
    "dart-notified-1",
    "dart-outcome-1",
    "ed-attendance-discharged-1",
    "nhs-number-superseded-1",
    "safeguarding-flag-changed-1",
    "address-changed-1",
    "placement-changed-1",
    "health-assessment-paused-1",
    "mash-request-1",
    "mash-rag-changed-1",
]
MORE = int(os.environ.get("SHAREWELL_SEQUENCES", "0"))
ALONE, BOTH = range(400, 400 + max(MORE, 12)), range(400, 400 + max(MORE // 5, 3))


async def _taken_back(played: Played) -> None:
    """Every record of a birth is cancelled, as each of its versions had it: one record id may stand for several."""
    said = [row.event for row in played.first.ledger.store.events.values() if row.event.type == "birth-notified-1"]
    for no, event in enumerate(reversed(said)):
        again = orjson.loads(event.received.raw or b"")
        again |= {"id": f"00000000-0000-4000-9000-{no:012d}", "eventaction": "cancel", "sequence": str(1_000_000 + no)}
        record = Received(
            event.publisher, orjson.dumps(again), b"opaque", f"events.{event.publisher}", 0, 1_000_000 + no
        )
        for case in played.cases:
            taken = await take_in([record], case.ledger, rule_book())
            assert len(taken.accepted) == 1, played.log


def _deaths(case: Case) -> tuple[set[str], set[str]]:
    """Who is dead by the file, and about whom clocks have stopped for that."""
    s = case.ledger.store  # type: ignore[attr-defined]
    files = [orjson.loads(s.versions[n, v])["people"] for n, v in s.families.items()]
    dead = {pid for people in files for pid, doc in people.items() if "died" in doc}
    return dead, {c.clock.child for c in s.clocks.values() if c.ended_how == "the child died"}


async def _play(seed: int, *cases: Case) -> Played:
    played = Played(seed, *cases)
    played.kinds = KINDS
    await played.play()
    await _taken_back(played)
    return played


@pytest.mark.parametrize("seed", ALONE)
async def test_nobody_is_dead_of_what_was_taken_back(seed: int) -> None:
    played = Played(seed, MemoryCase())
    given = {p.id for h in played.households for p in h.doc.people if "died" in p.doc}
    played = await _play(seed, MemoryCase())
    dead, _ = _deaths(played.first)
    assert dead <= given, played.log


@pytest.mark.parametrize("seed", BOTH)
async def test_both_ledgers_take_back_the_same(seed: int, database: Database) -> None:
    await both_keep_the_same(database, lambda *cases: _play(seed, *cases))
