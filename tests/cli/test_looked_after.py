"""`sharewell looked-after` on a real ledger: the register leaves an access record, and counts name nobody."""

from deploy.borough import looked_after_events as said
from deploy.borough import places
from tests.cli.town import Town

WHY = ("--why", "weekly review")


def placed(town: Town, low: int, high: int, **how: object) -> str:
    child = town.child(low, high)
    town.take(said.placement(town.borough, child, town.now, town.rng, **how))  # type: ignore[arg-type]
    return child


def test_the_register_is_read_from_the_ledger_and_the_look_is_kept(town: Town) -> None:
    before = town.json("looked-after", *WHY)["children"]
    assert before, "the borough has flagged children of whom no placement was ever told"
    assert {c["placement"] for c in before} == {"not told"}
    town.sql("DELETE FROM access")
    child = placed(town, 8, 12, authority=places.SANDWELL, days_late=40)

    seen = town.json("looked-after", *WHY)

    (one,) = [c for c in seen["children"] if c["child"] == child]
    assert (one["in_area"], one["authority"]) == ("out-of-area", places.DUDLEY)
    assert {"the initial health assessment is completed": "overdue"}.items() <= {
        o["what"]: o["state"] for o in one["owed"]
    }.items()
    assert seen["children"][0]["child"] == child, "most overdue first"
    assert len(seen["children"]) == len(before) + 1
    assert town.accesses() == [
        ("A Tester", "weekly review", f"register of looked-after children: {len(before) + 1} children")
    ]


def test_no_nhs_number_and_no_place_stand_on_it_and_the_table_fits(town: Town) -> None:
    placed(town, 8, 12, authority=places.SANDWELL)
    shown = town.sharewell("looked-after", *WHY).output
    told = str(town.json("looked-after", *WHY))
    assert "Looked-after children (" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())
    for doc in town.borough.people.values():
        assert "nhs" not in doc or doc["nhs"] not in shown + told
    assert places.NEIGHBOUR_WARDS[places.SANDWELL] not in shown + told
    assert places.SANDWELL not in shown + told


def test_one_looks_for_what_is_overdue_out_of_area_or_of_one_authority(town: Town) -> None:
    child = placed(town, 8, 12, authority=places.SANDWELL, days_late=40)
    for options in (("--overdue",), ("--out-of-area",), ("--authority", places.DUDLEY)):
        assert [c["child"] for c in town.json("looked-after", *options, *WHY)["children"]] == [child]
    assert town.json("looked-after", "--authority", places.SANDWELL, *WHY)["children"] == []


def test_what_was_paused_says_why_and_what_was_closed_by_a_person_is_overdue_no_more(town: Town) -> None:
    child = placed(town, 8, 12)
    town.step(days=1)
    town.take(said.assessment_paused(town.borough, child, town.now, town.rng, why="consent-awaited"))
    (one,) = [c for c in town.json("looked-after", *WHY)["children"] if c["child"] == child]
    assert ("held up", "consent-awaited") in [(o["state"], o["why"]) for o in one["owed"]]
    shown = town.sharewell("looked-after", *WHY).output
    assert "consent awaited" in " ".join(shown.split())


def test_an_exhausted_clock_is_overdue_for_as_long_as_its_task_is_open(town: Town) -> None:
    child = placed(town, 8, 12, assessment_consent={"agreement": {"answer": "given"}, "given_by": "parent"})
    for _ in range(8):
        town.step(days=7)
        town.clocks()
    waits = "the initial health assessment is completed"
    (one,) = [c for c in town.json("looked-after", "--overdue", *WHY)["children"] if c["child"] == child]
    assert waits in {o["what"] for o in one["owed"]}
    (task,) = [t for t in town.json("tasks") if waits in t["words"]]
    done = town.sharewell("tasks", "close", task["id"], "--by", "N Nurse", "--why", "seen elsewhere")
    assert done.exit_code == 0, done.output
    again = [c for c in town.json("looked-after", *WHY)["children"] if c["child"] == child]
    assert waits not in {o["what"] for c in again for o in c["owed"]}


def test_counts_name_nobody_and_leave_no_access_record_and_names_are_not_shown_without_a_reason(town: Town) -> None:
    child = placed(town, 8, 12)
    town.sql("DELETE FROM access")
    found = town.json("looked-after", "--counts")
    shown = town.sharewell("looked-after", "--counts").output
    assert found["placement"]
    assert not town.named_in(shown + str(found))
    assert child[:8] not in shown + str(found)
    assert town.accesses() == []
    for options in ((), ("--counts", *WHY)):
        refused = town.sharewell("looked-after", *options)
        assert refused.exit_code == 2
        assert "--counts" in refused.output
    assert town.accesses() == []


def test_each_review_ends_the_wait_for_it_and_starts_the_next_in_the_ledger_too(town: Town) -> None:
    child = placed(town, 8, 12)
    due = []
    for kind in ("initial", "review"):
        town.step(days=100)
        town.take(said.health_assessment(town.borough, child, town.now, town.rng, kind=kind, actions=[]))
        (one,) = [c for c in town.json("looked-after", *WHY)["children"] if c["child"] == child]
        waits = [o["due"] for o in one["owed"] if o["what"] == "the next review health assessment is completed"]
        assert len(waits) == 1
        assert "the initial health assessment is completed" not in {o["what"] for o in one["owed"]}
        due += waits
    assert [d[:10] for d in due] == ["2017-12-30", "2018-04-09"]
