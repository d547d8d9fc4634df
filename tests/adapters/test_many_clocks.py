"""Thousands of clocks, workers that die, a day without any, the clock change: each rung once, never early (R14)."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import orjson
import psycopg

from adapters.storage.connect import make_pool
from adapters.storage.memory import Hands
from adapters.storage.postgres import PostgresLedger
from router.escalate import escalate
from tests.stack import Database
from tests.story_teams import directory

CLOCKS, RUNGS, KILLS = 5_000, 2, 20
START = datetime(2026, 10, 21, 9, 0, tzinfo=UTC)
"""A Wednesday; summer time ends on the Sunday after it."""
OWNERS = ("lead", "service:NN")
STEP = timedelta(minutes=37)
PAUSE = range(60, 99)
"""Rounds in which no worker is there: 24 hours and three minutes."""


class Killed(BaseException):
    """In place of `kill -9`: nothing after it is done, and the transaction is gone."""


def set_up(dsn: str, rng: Random) -> dict[tuple[str, int], datetime]:
    """The clocks, as the router keeps them; each (clock, rung) → when it is due."""
    due: dict[tuple[str, int], datetime] = {}
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO cover_version (version, doc) VALUES (1, %s)", (orjson.dumps(directory()),))
        columns = "id, publisher, flow, paragraph, words, team, needs, starts, steps, due, met_by, at_once_on"
        with connection.cursor() as cursor, cursor.copy(f"COPY clock ({columns}) FROM STDIN") as copy:
            for _ in range(CLOCKS):
                id = str(UUID(int=rng.getrandbits(128)))
                first = START + timedelta(seconds=rng.randrange(5 * 86_400))
                moments = (first, first + timedelta(seconds=rng.randrange(60, 2 * 86_400)))
                due |= {(id, rung): at for rung, at in enumerate(moments)}
                steps = orjson.dumps([[at.isoformat(), owner] for at, owner in zip(moments, OWNERS, strict=True)])
                words = "health visiting team acknowledges"
                copy.write_row(
                    (id, "ed", "F09", "1.23", words, "hv-north", "acknowledge", START, steps.decode(), first, "", "")
                )
    return due


async def test_each_rung_of_thousands_fires_once_and_never_early_though_workers_die_and_are_away(
    database: Database,
) -> None:
    rng, hands = Random(14), Hands(START)
    due = set_up(database.dsn, rng)
    pools = [make_pool(database.dsn, 2) for _ in range(2)]
    for pool in pools:
        await pool.open()
    ledgers = [PostgresLedger(pool, hands) for pool in pools]
    dies, killed = set(rng.sample([n for n in range(200) if n not in PAUSE], KILLS)), 0
    for number in range(280):
        hands.advance(STEP)
        if number in PAUSE:
            continue
        if number in dies:
            killed += await one_dies(ledgers, rng)
        while any(fired.rungs for fired in await asyncio.gather(*(escalate(one) for one in ledgers))):
            pass
    for pool in pools:
        await pool.close()
    with psycopg.connect(database.dsn) as connection:
        fired = connection.execute("SELECT clock::text, rung::int, at FROM clock_fired").fetchall()
        told = connection.execute("SELECT count(*) FROM delivery WHERE kind = 'escalation'").fetchall()
        left = connection.execute("SELECT count(*) FROM clock WHERE state = 'running' AND team IS NOT NULL").fetchall()
    assert killed == KILLS
    assert Counter((clock, rung) for clock, rung, _ in fired) == Counter(dict.fromkeys(due, 1)), "missed or doubled"
    assert [at - due[clock, rung] for clock, rung, at in fired if at < due[clock, rung]] == [], "early"
    away = STEP * (len(PAUSE) + 1)
    late = max(at - due[clock, rung] for clock, rung, at in fired)
    assert STEP * len(PAUSE) < late <= away, "in the first round after whoever was away is back"
    assert (told, left) == ([(CLOCKS * RUNGS,)], [(0,)])


async def one_dies(ledgers: list[PostgresLedger], rng: Random) -> int:
    """Two workers fire at the same time, and one of them ends before its commit or just after."""
    border = rng.choice(["before_clock_commit", "after_clock_commit"])

    def ends(passed: str) -> None:
        if passed == border:
            raise Killed

    first, second = rng.sample(ledgers, 2)
    ended = await asyncio.gather(escalate(first, 40, ends), escalate(second, 40), return_exceptions=True)
    assert not isinstance(ended[1], BaseException), ended[1]
    return isinstance(ended[0], Killed)
