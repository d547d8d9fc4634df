"""Every table is decided on: past keeping, none holds a child's content but those that say why they do."""

import re
from pathlib import Path

import orjson
import pytest

from adapters.storage import migrations
from adapters.storage.retained import GOES, STAYS
from deploy.borough.published import Published
from tests.cli.town import START, Town

WHERE = Path(migrations.__file__).parent
OF_THE_DIRECTORY = {"person", "family_version"}
OF_THE_ACCOUNT = {"access", "legal_hold"}
"""They hold the key of a person and what was typed as a reason; nothing that was published."""

BYTES = re.compile(r"\\+x((?:[0-9a-f]{2})+)")


def tables_in(sql: str) -> set[str]:
    return {name.lower() for name in re.findall(r"CREATE TABLE(?: IF NOT EXISTS)?\s+(\w+)", sql, re.IGNORECASE)}


def undecided(tables: set[str]) -> set[str]:
    return tables - GOES.keys() - STAYS.keys()


def test_every_table_of_every_migration_is_decided_on_and_a_new_one_is_not() -> None:
    made = set().union(*(tables_in(file.read_text(encoding="utf-8")) for file in sorted(WHERE.glob("*.sql"))))
    assert len(made) > 25
    assert undecided(made) == set(), "say in adapters/storage/retained.py what becomes of them"
    assert not GOES.keys() & STAYS.keys()
    assert undecided(made | tables_in("CREATE TABLE photograph (child uuid);")) == {"photograph"}


def test_the_database_has_no_other_tables_than_those(town: Town) -> None:
    there = {row[0] for row in town.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert there == GOES.keys() | STAYS.keys()


def everything_happens(town: Town) -> str:
    """All that may be written about one child: read, filed, refused, contradicted, redirected, chased, closed."""
    child = town.child(0, 5)
    doc = town.borough.people[child]
    first = town.discharge(child)
    again = town.discharge(child)
    again.event["id"] = first.id
    broken = town.discharge(child)
    broken.event["data"]["action_wanted"] = doc["name"]["family"]
    town.take(first, again, broken)
    town.take(Published(first.publisher, first.key, {}, orjson.dumps({"name": doc["name"]})))
    town.send()
    hv, gp = town.delivery("hv-"), town.delivery("gp-")
    by = ("--by", "J Hart", "--role", "health visitor")
    note = ("--outcome", "other", "--note", f"Rang {doc['name']['given']} {doc['name']['family']}")
    assert town.sharewell("receipt", hv["id"], "acted", *by, *note).exit_code == 0
    town.sharewell("receipt", gp["id"], "not-ours", *by)
    town.step(days=9)
    for _ in range(4):
        town.clocks()
        town.step(days=3)
    town.send()
    for kind in ("tasks", "refused"):
        for row in town.json(kind, "list"):
            why = f"{doc['name']['given']} {doc['name']['family']} was rung"
            assert town.sharewell(kind, "close", row["id"], "--why", why).exit_code in (0, 1)
    return child


def whose(town: Town, tables: set[str], child: str) -> dict[str, set[str]]:
    """Of these tables, what names or numbers of people, or which child's key, they hold."""
    found = {}
    for table in sorted(tables):
        text = " ".join(row[0] for row in town.sql(f"SELECT t::text FROM {table} t"))
        text = BYTES.sub(lambda b: bytes.fromhex(b[1]).decode("utf-8", "replace"), text)
        if names := {*town.named_in(text), *({child} if child in text else ())}:
            found[table] = names
    return found


def test_past_keeping_nothing_of_a_child_is_left_where_it_was_said_to_go(town: Town) -> None:
    child = everything_happens(town)
    held = whose(town, {*GOES}, child)
    assert {"event", "delivery", "receipt", "conflict", "refusal", "task", "clock", "happening"} <= held.keys()
    assert whose(town, STAYS.keys() - OF_THE_DIRECTORY - OF_THE_ACCOUNT, child) == {}
    town.sql("UPDATE clock SET state = 'met' WHERE state = 'running'")
    town.sql("DELETE FROM due")
    town.sql("UPDATE task SET state = 'closed', closed_by = 'A Tester'")
    town.step_to(START.replace(year=2046))
    shown = town.json("retention")
    assert (shown["events"], shown["refusals"], shown["conflicts"]) == (1, 2, 1)
    (row,) = town.json("refused", "list", "--closed", "--code", "id-conflict")

    assert town.sharewell("retention", "--yes", "--why", "records board, 3 May").exit_code == 0

    assert whose(town, {*GOES} - OF_THE_DIRECTORY, child) == {}
    assert town.sql("SELECT count(*) FROM clock_fired WHERE clock NOT IN (SELECT id FROM clock)") == [(0,)]
    assert whose(town, STAYS.keys() - OF_THE_DIRECTORY - OF_THE_ACCOUNT, child) == {}
    left = town.json("retention")
    assert (left["events"], left["refusals"], left["conflicts"]) == (0, 0, 0)
    assert "it is not kept any more" in town.sharewell("refused", "show", row["id"], "--why", "to see").output
    assert town.json("reconcile", "--no-topics")["faults"] == []


@pytest.mark.parametrize("year", [2041, 2046])
def test_a_second_body_stays_until_its_own_age_and_while_somebody_must_say_which_is_true(town: Town, year: int) -> None:
    child = town.child(0, 5)
    first, again = town.discharge(child), town.discharge(child)
    again.event["id"] = first.id
    town.take(first, again)
    town.step_to(START.replace(year=year))
    assert town.json("retention")["conflicts"] == 0, "nobody has said which is true"
    town.sql("UPDATE task SET state = 'closed'")
    assert town.json("retention")["conflicts"] == (0 if year < 2016 + 26 else 1)
    town.sharewell("retention", "hold", child, "--why", "inquiry")
    assert town.json("retention")["conflicts"] == 0, "it may be about whoever is held"
