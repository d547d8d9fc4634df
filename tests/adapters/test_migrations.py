"""A ledger of an older version becomes one of today with what it holds, and no applied migration is ever changed."""

import uuid
from hashlib import sha256

import psycopg
import pytest

from adapters.storage import migrations
from deploy.local import Stack
from tests.stack import recreate

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
