"""A legal hold keeps everything about one person, and old versions of files go when nothing names them."""

from pathlib import Path

import orjson
import pytest

from deploy.borough.file import lines
from tests.cli.test_keeping import past
from tests.cli.town import Town, borough


def held(town: Town, person: str, *more: str) -> int:
    return int(town.json("retention", "hold", person, "--why", "inquiry, letter of 3 May", *more)["hold"])


def test_what_is_about_a_person_who_is_held_stays_until_the_hold_is_released(town: Town) -> None:
    child = past(town)
    assert town.json("retention")["events"] == 1
    number = held(town, child[:8])
    told = town.json("retention")
    assert (told["events"], told["held"], told["deliveries"]) == (0, 1, 0)
    assert "1 event past keeping stays, for there is a legal hold." in town.sharewell("retention").output
    assert town.json("retention", "--yes", "--why", "records board")["events"] == 0
    assert town.sql("SELECT count(*) FROM event WHERE raw <> ''") == [(1,)]

    (one,) = town.json("retention", "holds")
    assert (one["no"], one["person"], one["held_by"], one["why"]) == (
        number,
        child,
        "A Tester",
        "inquiry, letter of 3 May",
    )
    assert one["holds"] is True
    assert ("A Tester", "inquiry, letter of 3 May", f"legal hold {number} on {child}") in town.accesses()

    assert town.sharewell("retention", "release", str(number), "--why", "inquiry closed").exit_code == 0
    assert town.sharewell("retention", "release", str(number), "--why", "again").exit_code == 4
    assert town.json("retention", "--yes", "--why", "records board")["events"] == 1
    assert town.sql("SELECT count(*) FROM event WHERE raw <> ''") == [(0,)]
    assert "released by A Tester: inquiry closed" in " ".join(town.sharewell("retention", "holds").output.split())


@pytest.mark.parametrize(("day", "events"), [("2046-09-20", None), ("2046-09-21", 0), ("2046-09-22", 0)])
def test_it_holds_to_its_last_day(town: Town, day: str, events: int | None) -> None:
    child = past(town)
    done = town.sharewell("retention", "hold", child, "--why", "inquiry", "--until", day)
    assert done.exit_code == (2 if events is None else 0), "a day that is over holds nothing"
    if events is None:
        return
    assert town.json("retention")["events"] == events
    while town.now.date().isoformat() <= day:
        assert town.json("retention")["held"] == 1
        town.step(days=1)
    assert (town.json("retention")["events"], town.json("retention", "holds")[0]["holds"]) == (1, False)


def test_one_who_is_only_named_in_it_and_one_who_had_another_key_are_held_as_well(town: Town) -> None:
    child = past(town)
    snapshot = orjson.loads(town.sql("SELECT facts FROM event")[0][0])
    adult = next(
        p for p, d in town.borough.people.items() if "born" in d and p != child and p not in town.borough.children
    )
    who = [*snapshot["who"], ["subjects.9", "mother", adult, 1, None]]
    town.sql("UPDATE event SET facts = %s", orjson.dumps({**snapshot, "who": who}))
    number = held(town, adult)
    assert town.json("retention")["held"] == 1
    town.json("retention", "release", str(number), "--why", "not needed")

    family, version, doc = town.sql(
        "SELECT v.family, v.version, v.doc FROM person p JOIN family f ON f.id = p.family JOIN family_version v"
        " ON v.family = f.id AND v.version = f.version WHERE p.id = %s", adult,
    )[0]  # fmt: skip
    file = orjson.loads(doc)
    file["people"][adult]["merged"] = [child]
    town.sql(
        "UPDATE family_version SET doc = %s WHERE family = %s AND version = %s", orjson.dumps(file), family, version
    )
    held(town, adult)
    assert town.json("retention")["held"] == 1


def test_of_another_person_nothing_is_held_but_what_nobody_knows_of_whom_it_is(town: Town) -> None:
    child = past(town)
    town.sql(
        'INSERT INTO refusal (id, publisher, topic, partition, "offset", raw, problems, received_at, state)'
        " VALUES (gen_random_uuid(), 'ed-children', 'events.ed-children', 9, 9, '{}', '[]', '2016-01-01', 'closed')"
    )
    assert town.json("retention")["refusals"] == 1
    held(town, next(c for c in town.borough.children if c != child))
    told = town.json("retention")
    assert (told["events"], told["held"], told["refusals"]) == (1, 0, 0)


def test_a_hold_needs_a_person_and_a_reason(town: Town) -> None:
    assert town.sharewell("retention", "hold", "ffffffff", "--why", "inquiry").exit_code == 1
    assert town.sharewell("retention", "hold", town.child(0, 5), "--why", " ").exit_code == 2
    assert "There has never been one." in town.sharewell("retention", "holds").output


def move(town: Town, path: Path, school: str) -> str:
    """The directory says that a child has another school: a new version of the family's file."""
    child = town.child(0, 5)
    said = [orjson.loads(line) for line in lines(borough())]
    for line in said[1:]:
        if child in line["people"]:
            line["people"][child]["school"] = school
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in said) + b"\n")
    town.json("directory", "load", str(path))
    return child


def versions(town: Town, child: str) -> list[int]:
    rows = town.sql(
        "SELECT version FROM family_version WHERE family = (SELECT family FROM person WHERE id = %s)", child
    )
    return sorted(row[0] for row in rows)


def test_old_versions_of_a_file_go_when_no_event_names_them_and_nobody_there_is_held(
    town: Town, tmp_path: Path
) -> None:
    child = move(town, tmp_path / "a", "900091")
    assert past(town) == child
    move(town, tmp_path / "b", "900092")
    move(town, tmp_path / "c", "900093")
    assert versions(town, child) == [1, 2, 3, 4]
    town.step_to(town.now.replace(year=2017))
    assert (told := town.json("retention"))["versions"] == 2, told
    assert town.json("retention", "--yes", "--why", "tidying")["versions"] == 2
    assert versions(town, child) == [2, 4], "the one that the event names, and the current one"
    event = town.sql("SELECT id::text FROM event")[0][0]
    assert town.sharewell("explain", event).exit_code == 0

    town.step_to(town.now.replace(year=2046))
    number = held(town, child)
    assert town.json("retention")["versions"] == 0
    town.json("retention", "release", str(number), "--why", "closed")
    town.json("retention", "--yes", "--why", "records board")
    assert versions(town, child) == [4]
