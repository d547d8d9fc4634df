"""Whatever happens to two families, in whatever order: nothing breaks, nothing is lost, nothing leaks; on both ledgers.

More of them: `SHAREWELL_SEQUENCES=200 python -m pytest tests/sequences`, or `python -m tests.sequences 0 500`, which
needs no PostgreSQL and goes on after a failure."""

import os

import pytest

from router.chronology import chronology
from router.chronology_page import as_text
from router.policy.book import rule_book
from tests.agreements.cases import Case
from tests.agreements.memory_case import MemoryCase
from tests.sequences.both import both_keep_the_same
from tests.sequences.leaks import leaks
from tests.sequences.play import Played, seen
from tests.stack import Database

MORE = int(os.environ.get("SHAREWELL_SEQUENCES", "0"))
ALONE, BOTH = range(max(MORE, 12)), range(100, 100 + max(MORE // 5, 4))
READERS = (None, "gp-castle", "hv-south", "mash")


async def alone(seed: int) -> None:
    """One sequence in memory, and all that must hold after it."""
    played = Played(seed, MemoryCase())
    await played.play()
    case = played.first
    found = await seen(case, played.households)
    assert found["faults"] == [], played.log
    assert found["deliveries"], "a sequence in which nobody is told anything tests nothing"
    assert leaks(case.inboxes, await case.cover(), found["files"], played.households) == [], played.log
    for child in found["told"]:
        known = await case.chronicle(child)
        assert known is not None
        for reader in READERS:
            if reader in (None, *(await case.cover()).teams):
                assert as_text(chronology(known, rule_book(), reader)).strip()


@pytest.mark.parametrize("seed", ALONE)
async def test_nothing_breaks_is_lost_or_leaks(seed: int) -> None:
    await alone(seed)


@pytest.mark.parametrize("seed", BOTH)
async def test_both_ledgers_keep_the_same(seed: int, database: Database) -> None:
    async def play(*cases: Case) -> Played:
        played = Played(seed, *cases)
        await played.play()
        return played

    await both_keep_the_same(database, play)
