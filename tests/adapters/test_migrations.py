"""A ledger of an older version becomes one of today with what it holds, and no applied migration is ever changed."""

import uuid
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Any

import psycopg
import pytest

from adapters.storage import migrations
from adapters.storage.sql import queries
from deploy.local import Stack
from router.directory import Cover
from router.facts import Facts
from router.past import Happening
from router.policy.book import rule_book
from tests.agreements.postgres_case import PostgresCase
from tests.stack import recreate
from tests.story_events import cancel_of, ed_discharged
from tests.story_people import adult, child, family

SUMS = {
    "0001_ledger": "1e37bd5ae1b40483",
    "0002_replayed": "f55400e5402806c7",
    "0003_turns": "d6bc4a7a765204a7",
    "0004_oversight": "e7dc5eac145b67ca",
    "0005_hand_on": "cc2e440030390692",
    "0006_legal_hold": "972f5297e4c2fd12",
    "0007_by_number": "b9587312a16e6887",
    "0008_one_action": "71e19c558707ac26",
    "0009_clocks_of_an_event": "8d98ea5b0c455df6",
    "0010_tasks_of_an_event": "10c224e2e3f00d1a",
    "0011_whose_record_it_was": "e843e9cfa3dd8670",
    "0012_died_in_error": "6e691bfbdc82aa54",
    "0013_history_by_family": "a4872ae64b6ab362",
    "0014_nobody_found_of_an_event": "8bf6aa266e2b7749",
    "0015_events_by_time_once": "a380f87576505321",
    "0016_who_is_sought_for_an_event": "2920d9545b1b65c8",
    "0017_people_are_found_by_themselves": "9d0a4631b7981e67",
}
"""Each migration as it was first applied somewhere: one that differs would be refused there. Add new ones below."""

OLD = 2
"""How many there were when deliveries were still due and numbered by their uuid."""
DELIVERY = (
    "INSERT INTO delivery (id, no, kind, team, lane, body, flows, withheld, kept_at)"
    " VALUES (%s, %s, 'summary', 'hv-north', 3, '{}', 'F09', 0, now())"
)


@pytest.fixture
def empty(stack: Stack) -> str:
    return recreate(stack.postgres_dsn, f"sharewell_old_{uuid.uuid4().hex[:8]}")


def test_no_applied_migration_was_changed() -> None:
    found = {name: sha256(sql.encode()).hexdigest()[:16] for name, sql in migrations.versions()}
    assert found == SUMS, "write a new migration instead, and add its sum here"


def test_an_older_ledger_keeps_what_is_due_and_the_numbers_it_gave(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = migrations.versions()
    with monkeypatch.context() as then:
        then.setattr(migrations, "versions", lambda: every[:OLD])
        migrations.migrate(empty)
    sent, waits = uuid.uuid4(), uuid.uuid4()
    with psycopg.connect(empty) as connection:
        connection.execute(DELIVERY, (sent, 7))
        connection.execute(DELIVERY, (waits, 9))
        connection.execute("INSERT INTO sent (delivery, pair, sequence, attempt) VALUES (%s, 11, 4, 1)", (sent,))
        connection.execute(
            "INSERT INTO due (no, delivery, lane, team, pair) VALUES (9, %s, 3, 'hv-north', 11)", (waits,)
        )
    assert migrations.migrate(empty) == [name for name, _ in every[OLD:]]
    with psycopg.connect(empty) as connection:
        numbered = connection.execute("SELECT d.id, s.sequence FROM sent s JOIN delivery d USING (no)").fetchall()
        due = connection.execute("SELECT d.id, q.pair FROM due q JOIN delivery d USING (no)").fetchall()
        assert (numbered, due) == ([(sent, 4)], [(waits, 11)])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(DELIVERY, (sent, 10))
    assert migrations.migrate(empty) == []


BEFORE_RECORDS = 10
"""How many there were when what a child's history holds did not say whose record had said it."""
EVENT = (
    "INSERT INTO event (no, id, publisher, type, happened_at, action, sequence, record_id, accepted_at, topic,"
    ' partition, "offset", raw, facts, decision, policy, considered, told, not_applicable, withheld, nobody_found,'
    " wanted, present, test)"
    " VALUES (%s, %s, 'dart', 'seen', '2026-03-10', %s, %s, %s, now(), 't', 0, 0, '', '{}', '{}', '1',"
    " 0, 0, 0, 0, 0, 0, 0, false)"
)
REMEMBERED = (
    "INSERT INTO happening (family, person, at, type, thing, event_no) VALUES (1, %s, '2026-03-10', %s, 'thing', %s)"
)
A, B = (1, "A", "new", "1"), (2, "B", "new", "1")
TWICE_SAID = [
    pytest.param([A, B, (3, "A", "cancel", "2")], [(1, "seen"), (2, "seen"), (3, "cancelled seen")], ["B"], id="one"),
    pytest.param(
        [A, B, (3, "A", "cancel", "2"), (4, "B", "cancel", "2")],
        [(1, "seen"), (2, "seen"), (3, "cancelled seen")],
        [],
        id="both, and only the first was remembered",
    ),
    pytest.param(
        [A, (3, "A", "cancel", "2"), B],
        [(1, "seen"), (3, "cancelled seen"), (2, "seen"), (2, "restored seen")],
        ["B"],
        id="said by another, who restored it for both",
    ),
    pytest.param(
        [A, (3, "A", "cancel", "2"), B, (4, "B", "cancel", "2")],
        [(1, "seen"), (3, "cancelled seen"), (2, "seen"), (2, "restored seen"), (4, "cancelled seen")],
        [],
        id="said by another, who took it back as well",
    ),
    pytest.param(
        [A, B, (3, "B", "cancel", "2"), (4, "A", "update", "2")],
        [(1, "seen"), (2, "seen"), (3, "cancelled seen"), (4, "seen"), (4, "restored seen")],
        ["A"],
        id="said again by the one that stood",
    ),
    pytest.param(
        [A, (3, "A", "cancel", "2"), (4, "A", "update", "10")],
        [(1, "seen"), (3, "cancelled seen"), (4, "seen"), (4, "restored seen")],
        ["A"],
        id="said again by the one that took it back",
    ),
]


@pytest.mark.parametrize(("events", "kept", "stands"), TWICE_SAID)
def test_what_an_older_ledger_remembers_becomes_each_records_own(
    empty: str,
    monkeypatch: pytest.MonkeyPatch,
    events: list[tuple[int, str, str, str]],
    kept: list[tuple[int, str]],
    stands: list[str],
) -> None:
    every, person, another = migrations.versions(), uuid.uuid4(), uuid.uuid4()
    with monkeypatch.context() as then:
        then.setattr(migrations, "versions", lambda: every[:BEFORE_RECORDS])
        migrations.migrate(empty)
    with psycopg.connect(empty) as connection:
        for no, record, action, sequence in events:
            connection.execute(EVENT, (no, uuid.uuid4(), action, sequence, record))
        for no, kind in kept:
            connection.execute(REMEMBERED, (person, kind, no))
        connection.execute(REMEMBERED, (another, "seen", 1))
    assert migrations.migrate(empty) == [name for name, _ in every[BEFORE_RECORDS:]]
    asked = {"families": [1], "since": datetime(2026, 1, 1, tzinfo=UTC), "besides": None}
    past: dict[str, list[Happening]] = {}
    with psycopg.connect(empty) as connection:
        for who, at, *said in connection.execute(queries("intake")["history"], asked).fetchall():
            past.setdefault(who, []).append(Happening(at.isoformat(), *said))
    nobody: Any = None
    facts = Facts(datetime(2026, 4, 1, tzinfo=UTC), Cover.read(1, {}), nobody, (), {}, {}, past)
    standing = {h.record for h in facts.past(str(person)).standing(("seen",), "thing")}
    assert standing == {f"dart seen {record}" for record in stands}
    assert len(facts.past(str(another)).standing(("seen",), "thing")) == 1, "nobody took anything back of this one"
    assert set(past[str(another)]) == {Happening(past[str(another)][0].at, "seen", "thing", None, "dart seen A")}


async def test_a_cancellation_after_the_ledger_learnt_whose_record_it_was_leaves_the_other_record(empty: str) -> None:
    migrations.migrate(empty)
    case = PostgresCase(empty)
    await case.open()
    tom = child("Tom", age=3)
    await case.load(family(mother=adult(), children=[tom]))
    two = [ed_discharged(tom, attendance_id="fall", time=f"2026-03-1{n}T09:00:00+00:00") for n in (1, 2)]
    await case.publish(*two, book=rule_book())
    with psycopg.connect(empty) as connection:  # the ledger as it was before
        connection.execute("ALTER TABLE happening DROP COLUMN record")
        connection.execute("DELETE FROM migration WHERE name = '0011_whose_record_it_was'")
    assert migrations.migrate(empty) == ["0011_whose_record_it_was"]
    counted = []
    for one in two:
        await case.publish(cancel_of(one), book=rule_book())
        await case.publish(ed_discharged(tom), book=rule_book())
        await case.send_all()
        earlier = case.inboxes.of("summary", "gp-castle")[-1]["context"].get("earlier", [])
        counted.append(sum(e["count"] for e in earlier if e["what"] == "ED attendance"))
    await case.end()
    assert counted == [1, 1], "the one that stands; then none of the two, but what was counted with them"


def test_the_longest_that_the_contracts_let_in_is_remembered_and_read_from_the_index_alone(empty: str) -> None:
    migrations.migrate(empty)
    rng = Random(1)

    def longest(count: int, *letters: int) -> str:
        """Nothing that could be compressed."""
        return "".join(chr(rng.randrange(*letters)) for _ in range(count))

    token = 100
    place = longest(200, 0x1F300, 0x1F5FF)
    row = (
        *(1, uuid.uuid4(), f"{longest(token, 33, 126)} also {longest(token, 33, 126)}"),
        *(f"{longest(token, 33, 126)} after 2026-11-23T09:00:00.000000+00:00", place, 1),
        f"{longest(token, 33, 126)} {longest(token, 33, 126)} {longest(token, 33, 126)}",
    )
    asked = {"families": [1], "since": datetime(2026, 1, 1, tzinfo=UTC), "besides": None}
    with psycopg.connect(empty, autocommit=True, options="-c enable_seqscan=off") as connection:
        connection.execute(
            "INSERT INTO happening (family, person, at, type, thing, place, event_no, record)"
            " VALUES (%s, %s, '2026-11-23T09:00Z', %s, %s, %s, %s, %s)",
            row,
        )
        connection.execute("VACUUM ANALYZE happening")
        history = queries("intake")["history"]
        (found,) = connection.execute(history, asked).fetchall()
        plan = connection.execute(f"EXPLAIN {history}", asked).fetchall()
    assert found[4] == place
    assert any("Index Only Scan using happening_history" in line for (line,) in plan), plan
