"""`directory load`: checked whole first, loaded again it changes what has changed, and loses nothing learnt."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from adapters.storage.directory import load
from adapters.storage.directory_file import MEANINGS, check_file
from adapters.storage.directory_people import CHECKS
from contracts.parts.people import passes_check_digit
from deploy.borough import generate
from deploy.borough.file import lines
from router.directory import PersonDoc
from tests.cli.town import START, Town, borough
from tests.stack import Database


def as_lines() -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in lines(borough())]


def write(path: Path, said: list[dict[str, Any]]) -> Path:
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in said) + b"\n")
    return path


def family_of(said: list[dict[str, Any]], person: str) -> dict[str, Any]:
    return next(line for line in said[1:] if person in line["people"])


def current(town: Town, person: str) -> tuple[int, dict[str, Any]]:
    row = town.sql(
        "SELECT f.version, v.doc FROM person p JOIN family f ON f.id = p.family"
        " JOIN family_version v ON v.family = f.id AND v.version = f.version WHERE p.id = %s",
        person,
    )[0]
    return row[0], orjson.loads(row[1])["people"]


CARE = {"care_id": "care-1", "placement": "foster-care", "since": "2025-11-03"}


def test_every_field_of_a_person_is_checked() -> None:
    never_kept = {"was_with"}  # what a correction is decided on alone: a file that says it is refused
    assert CHECKS.keys() == PersonDoc.__annotations__.keys() - never_kept


def test_the_borough_is_loaded_whole(town: Town) -> None:
    assert town.sql("SELECT count(*) FROM person") == [(len(borough().people),)]
    assert town.sql("SELECT count(*), max(version) FROM family") == [(len(borough().families), 1)]
    cover = orjson.loads(town.sql("SELECT doc FROM cover_version")[0][0])
    assert len(cover["teams"]) == len(borough().teams)


def test_loading_the_same_file_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    file = write(tmp_path / "b.ndjson", as_lines())
    told = town.json("directory", "load", str(file))
    assert (told["new_version"], told["new"], told["changed"]) == (False, 0, 0)
    assert told["unchanged"] == len(borough().families)
    assert town.sql("SELECT count(*) FROM family_version") == [(len(borough().families),)]
    assert town.accesses()[-1][2] == "directory load, version 1"


def test_only_families_that_changed_get_a_new_version(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    family_of(said, child)["people"][child]["school"] = "900099"
    said[0]["teams"][0]["name"] += " (new)"
    told = town.json("directory", "load", str(write(tmp_path / "b.ndjson", said)))
    assert (told["new_version"], told["version"], told["changed"]) == (True, 2, 1)
    version, people = current(town, child)
    assert (version, people[child]["school"]) == (2, "900099")
    assert town.sql("SELECT count(*) FROM family WHERE version > 1") == [(1,)]
    assert town.sql("SELECT count(*) FROM family_version") == [(len(borough().families) + 1,)], "the old one stays"


def test_what_only_the_ledger_knows_stays(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    flag = {"flag_id": "f-1", "kind": "looked-after", "since": "2016-09-01", "authority": "Dudley", "contact": "1",
            "by": "csc", "sequence": "3"}  # fmt: skip
    _, people = current(town, child)
    people[child] |= {"not_ours": ["sn-lead"], "redirected": {"SN": "sn-lead"}, "flags": [flag], "care": CARE}
    people["00000000-0000-4000-a000-000000000001"] = {"mother": child, "expected": "2017-01-01"}
    town.sql(
        "UPDATE family_version v SET doc = %s FROM person p WHERE p.id = %s AND v.family = p.family",
        orjson.dumps({"people": people}), child,
    )  # fmt: skip
    family_of(said, child)["people"][child]["school"] = "900098"
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", said)))
    _, after = current(town, child)
    doc = after[child]
    assert (doc["school"], doc["not_ours"], doc["redirected"]) == ("900098", ["sn-lead"], {"SN": "sn-lead"})
    assert doc["care"] == CARE, "no file's silence ends a child's being looked after"
    assert doc["flags"] == [flag]
    assert "00000000-0000-4000-a000-000000000001" in after, "people whom events brought are not the file's to remove"


def test_families_are_joined_with_their_history_and_never_parted(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    town.take(town.discharge(child))
    home = family_of(said, child)
    other = next(line for line in said[1:] if line is not home)
    everybody = {*home["people"], *other["people"]}
    other["people"] |= home["people"]
    joined = town.json("directory", "load", str(write(tmp_path / "b.ndjson", [x for x in said if x is not home])))
    assert joined["changed"] == 2, "the one that grew, and the one that is empty now"
    assert set(current(town, child)[1]) == everybody
    moved = "SELECT count(*) FROM happening h JOIN person p ON p.id = h.person WHERE h.family <> p.family"
    assert town.sql(moved) == [(0,)]
    parted = town.json("directory", "load", str(write(tmp_path / "c.ndjson", as_lines())))
    assert parted["changed"] == 0
    assert set(current(town, child)[1]) == everybody
    assert town.sql("SELECT count(*) FROM person WHERE family = (SELECT family FROM person WHERE id = %s)", child) == [
        (len(everybody),)
    ]


def learn(town: Town, child: str, **said: Any) -> None:
    """The ledger has learnt this of a child since the file was written."""
    _, people = current(town, child)
    people[child] |= said
    town.sql(
        "UPDATE family_version v SET doc = %s FROM person p, family f"
        " WHERE p.id = %s AND f.id = p.family AND v.family = f.id AND v.version = f.version",
        orjson.dumps({"people": people}), child,
    )  # fmt: skip


def test_a_later_word_of_an_event_wins_over_the_file_and_an_earlier_one_gives_way(town: Town, tmp_path: Path) -> None:
    child, doc = town.child(5, 12), borough().people[town.child(5, 12)]
    later, earlier = {"at": "2016-09-21T10:00:00+00:00"}, {"at": "2016-09-20T10:00:00+00:00"}
    learn(town, child, practice="Z87001", school="900001", as_of={"practice": later, "school": earlier})
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", as_lines())))
    after = current(town, child)[1][child]
    assert (after["practice"], after["school"]) == ("Z87001", doc["school"])
    assert after["as_of"] == {"practice": later, "school": {"at": "2016-09-21"}}
    again = town.json("directory", "load", str(tmp_path / "b.ndjson"))
    assert again["changed"] == 0


def test_a_file_never_opens_an_address_that_an_event_restricted(town: Town, tmp_path: Path) -> None:
    child = town.child(5, 12)
    _, people = current(town, child)
    people[child] = {k: v for k, v in people[child].items() if k not in ("area", "authority", "practice")}
    town.sql(
        "UPDATE family_version v SET doc = %s FROM person p WHERE p.id = %s AND v.family = p.family",
        orjson.dumps({"people": people}), child,
    )  # fmt: skip
    learn(town, child, restricted=True, as_of={"address": {"at": "2016-09-01T10:00:00+00:00", "by": "csc"}})
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", as_lines())))
    after = current(town, child)[1][child]
    assert after["restricted"] is True
    assert not after.keys() & {"area", "authority", "practice"}


def test_a_team_that_let_a_child_go_since_does_not_get_it_back_by_a_file(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    held = {"service": "SN", "team": "sn-lead", "since": "2016-01-01"}
    family_of(said, child)["people"][child] |= {"caseload": {"SN": {"team": "sn-lead"}}, "services": [held]}
    learn(
        town, child, services=[{**held, "until": "2016-09-21"}],
        as_of={"caseload:sn-lead": {"at": "2016-09-21T11:00:00+00:00"}},
    )  # fmt: skip
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", said)))
    after = current(town, child)[1][child]
    assert "caseload" not in after
    assert after["services"] == [{**held, "until": "2016-09-21"}]


def test_a_place_that_is_no_persons_any_more_is_left_alone(town: Town, tmp_path: Path) -> None:
    child = town.child(5, 12)
    _, people = current(town, child)
    heir = next(p for p in people if p != child)
    people[child] = {"nhs": people[child]["nhs"], "born": people[child]["born"], "same_as": heir}
    town.sql(
        "UPDATE family_version v SET doc = %s FROM person p WHERE p.id = %s AND v.family = p.family",
        orjson.dumps({"people": people}), child,
    )  # fmt: skip
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", as_lines())))
    assert current(town, child)[1][child] == people[child]


def test_a_child_whom_an_event_brought_first_keeps_the_ledgers_key(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    theirs = "00000000-0000-4000-a000-0000000000aa"
    home = family_of(said, child)
    home["people"][theirs] = home["people"].pop(child)
    town.json("directory", "load", str(write(tmp_path / "b.ndjson", said)))
    assert town.sql("SELECT count(*) FROM person WHERE id = %s", theirs) == [(0,)]
    assert child in current(town, child)[1]


def test_a_number_of_somebody_else_is_refused_and_nothing_is_written(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    child = town.child(5, 12)
    family_of(said, child)["people"][child]["born"] = "2001-01-01"
    said[0]["teams"][0]["name"] += " (new)"
    family = family_of(said, child)
    family["people"]["00000000-0000-4000-a000-0000000000aa"] = family["people"].pop(child)
    done = town.sharewell("directory", "load", str(write(tmp_path / "b.ndjson", said)))
    assert done.exit_code == 1
    assert "number-of-another" in done.output
    assert not town.named_in(done.output)
    assert town.sql("SELECT max(version) FROM cover_version") == [(1,)]


def invalid(number: str) -> str:
    wrong = str(9 - int(number[9])).rjust(1, "0")
    changed = number[:9] + wrong
    return changed if not passes_check_digit(changed) else number[:9] + str((int(wrong) + 1) % 10)


def _in_family(change: Callable[[dict[str, Any]], None]) -> Callable[[list[dict[str, Any]]], None]:
    return lambda said: change(next(iter(said[3]["people"].values())))


MISTAKES: list[tuple[str, Callable[[list[dict[str, Any]]], None]]] = [
    ("nhs-number", _in_family(lambda p: p.update(nhs=invalid(p["nhs"])))),
    ("nhs-number", _in_family(lambda p: p.update(nhs="9999999999"))),
    ("date-form", _in_family(lambda p: p.update(born="3 May 2013"))),
    ("unknown-field", _in_family(lambda p: p.update({"Jude Marsh": 1}))),
    ("unknown-person", _in_family(lambda p: p.update(mother="nobody"))),
    ("unknown-team", _in_family(lambda p: p.update(caseload={"HV": {"team": "no-such-team"}}))),
    ("team-of-another", _in_family(lambda p: p.update(caseload={"HV": {"team": "sn-lead"}}))),
    ("team-of-another", _in_family(lambda p: p.update(redirected={"CASH": "sn-lead"}))),
    ("unknown-service", _in_family(lambda p: p.update(caseload={"XX": {"team": "hv-lead"}}))),
    ("wrong-form", _in_family(lambda p: p.update(services=[["HV"]]))),
    ("date-form", _in_family(lambda p: p.update(care={"care_id": "care-1"}))),
    ("wrong-form", _in_family(lambda p: p.update(name="Jude Marsh"))),
    ("restricted-address", _in_family(lambda p: p.update(restricted=True, practice="Z87000"))),
    ("twice", lambda said: said[3]["people"].update(dict([next(iter(said[4]["people"].items()))]))),
    ("person-id-form", lambda said: said[3]["people"].update({"9990001022": {"born": "2001-01-01"}})),
    ("wrong-kind", lambda said: said[3].update(kind="household")),
    ("unknown-team", lambda said: said[0]["publishers"][0].update(team="no-such-team")),
    ("unknown-service", lambda said: said[0]["teams"][0].update(service="XX")),
    ("name-form", lambda said: said[0]["teams"][0].update(id="Hv Dudley")),
    ("twice", lambda said: said[0]["teams"].append(said[0]["teams"][0])),
    ("missing", lambda said: said[0]["publishers"][0].pop("source")),
]


@pytest.mark.parametrize(("code", "change"), MISTAKES)
def test_a_mistake_is_told_by_line_and_code_and_never_by_value(
    code: str, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    said = as_lines()
    change(said)
    checked = check_file(orjson.dumps(line) for line in said)
    assert code in {w.code for w in checked.wrong}
    assert {w.line for w in checked.wrong} & {1, 4, 5}
    assert all(w.code in MEANINGS for w in checked.wrong)
    assert not any("Marsh" in w.path or "999" in w.path for w in checked.wrong)


@pytest.mark.parametrize(
    "junk", [b"", b"not json\n", b"[]\n", b'{"kind":"cover"}\n', b'{"kind":"family","people":{}}\n']
)
def test_a_file_of_another_kind_is_refused_with_exit_code_1(town: Town, junk: bytes) -> None:
    done = town.sharewell("directory", "load", "-", typed=junk)
    assert done.exit_code == 1
    assert "nothing was written" in done.output


def test_all_mistakes_are_counted_and_the_first_are_told(town: Town, tmp_path: Path) -> None:
    said = as_lines()
    for line in said[1:60]:
        next(iter(line["people"].values()))["born"] = "never"
    file = write(tmp_path / "b.ndjson", said)
    done = town.sharewell("directory", "load", str(file))
    assert "and 39 more" in done.output
    assert "59 errors in the file; nothing was written." in done.output
    assert len(town.json("directory", "load", str(file), exits=1)["errors"]) == 59


def test_two_loads_never_run_beside_each_other(town: Town, tmp_path: Path) -> None:
    file = write(tmp_path / "b.ndjson", as_lines())
    with psycopg.connect(town.dsn) as other:
        other.execute("SELECT pg_advisory_lock(7316204002)")
        done = town.sharewell("directory", "load", str(file))
    assert done.exit_code == 4
    assert "Another load is running." in done.output


def test_a_hundred_thousand_people_are_loaded_within_a_minute(database: Database) -> None:
    large = generate(people_at_least=100_000, today=START.date())

    async def loaded() -> int:
        async with await psycopg.AsyncConnection.connect(database.dsn) as connection:
            done = await load(connection, check_file(lines(large)))
            return done.new

    began = time.monotonic()
    assert asyncio.run(loaded()) == len(large.families)
    assert time.monotonic() - began < 60
    with psycopg.connect(database.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (len(large.people),)
