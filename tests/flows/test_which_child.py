"""An update that corrects which child: the first is as if it had never come, and neither reads of the other."""

from typing import Any

import pytest

from router.sight import NOT_THEIRS
from tests.flows.test_chronology import read
from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    caseload_changed,
    dart_notified,
    dart_outcome,
    ed_attendance,
    ed_discharged,
    flag_changed,
    gp_changed,
    household,
    update_of,
)
from tests.story_people import Family, Person, adult, child, family
from tests.story_teams import BIRMINGHAM, HAGLEY, OUTSIDE


def two() -> tuple[Person, Person, list[Family]]:
    """Tom of Dudley, and Ann of Birmingham: nobody works with both."""
    tom, ann = child("Tom", age=3), child("CANARYANN", age=3)
    away = family(mother=adult("Bel"), children=[ann], area=None, authority=BIRMINGHAM, practice=OUTSIDE)
    return tom, ann, [family(mother=adult("Ada"), children=[tom]), away]


async def test_the_flag_comes_off_the_first_child_and_each_ones_people_hear_of_that_one_alone() -> None:
    tom, ann, folk = two()
    town = Town(*folk)
    wrong = flag_changed(tom, "child-protection-plan", since="2026-03-01", reason="CANARY-REASON")
    await town.publish(wrong)
    right = update_of(wrong, subjects=[ann.subject()])
    await town.publish(right)
    assert town.told(right) == {"hv-birmingham", "gp-birmingham"}
    assert {w.team for w in town.withdrawals()} == {"hv-north", "gp-castle"}
    assert all(b"CANARY" not in w.raw for w in town.withdrawals())
    for letter in town.inboxes.of("summary"):
        theirs, other = (ann, tom) if letter.team.endswith("birmingham") else (tom, ann)
        assert theirs.nhs.encode() in letter.raw
        assert other.nhs.encode() not in letter.raw

    await town.publish(ed_attendance(tom), ed_attendance(ann))
    his, hers = town.status("ed", "live-flags")
    assert (his["flags"], [f["kind"] for f in hers["flags"]]) == ([], ["child-protection-plan"])
    assert "child-protection-plan" not in {f["kind"] for x in town.inbox("pln", tom) for f in x["flags"]}


async def test_what_it_had_ended_for_the_first_child_runs_on() -> None:
    """The outcome was the other family's: his own is still owed, and somebody is told when it does not come."""
    tom, ann, folk = two()
    town = Town(*folk)
    his, hers = dart_notified(tom), dart_notified(ann)
    await town.publish(his, hers)
    owed = {c.clock.id for c in town.clocks(child=tom) if "dart-outcome-1" in c.clock.met_by}
    assert owed

    def states() -> set[str]:
        return {c.state for c in town.clocks() if c.clock.id in owed}

    assert states() == {"running"}
    wrong = dart_outcome(his)
    await town.publish(wrong)
    assert states() == {"met"}
    await town.publish(update_of(wrong, subjects=[ann.subject()], dart_ref=hers.data["dart_ref"]))
    assert states() == {"running"}


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (lambda tom: gp_changed(tom, HAGLEY), "practice"),
        (lambda tom: caseload_changed(tom, "HV", "hv-south", by="hv"), "caseload"),
    ],
)
async def test_the_first_childs_place_is_as_it_was(wrong: Any, part: str) -> None:
    tom, ann, folk = two()
    town = Town(*folk)
    was, said = town.file(tom).get(part), wrong(tom)
    await town.publish(said)
    assert town.file(tom).get(part) != was
    right = update_of(said, subjects=[ann.subject()])
    await town.publish(right)
    assert town.file(tom).get(part) == was
    assert tom.id not in {x.child for x in town.inboxes.of("summary") if x["event"]["id"] == right.id}


async def test_a_child_whom_a_corrected_list_no_longer_has_is_not_the_adults() -> None:
    tom, ann, folk = two()
    sam = adult("Sam")
    town = Town(*folk, family(mother=sam))
    said = adult_ed_attendance(sam, tom)
    await town.publish(said)
    assert tom.id in {x.child for x in town.inboxes.of("summary")}
    right = update_of(said, household=household(ann))
    await town.publish(right)
    assert {x.child for x in town.inboxes.of("summary") if x["event"]["id"] == right.id} == {ann.id}
    past = town.ledger.store.happened[tom.id]
    assert [h.type for _, h in past] == ["adult-ed-attendance-1", "cancelled adult-ed-attendance-1"]


@pytest.mark.parametrize("by_list", [False, True], ids=["named", "by an adult's list"])
async def test_the_first_childs_chronology_has_it_as_cancelled_and_nothing_of_the_other_child(by_list: bool) -> None:
    tom, ann, folk = two()
    sam = adult("Sam")
    town = Town(*folk, family(mother=sam))
    said = adult_ed_attendance(sam, tom) if by_list else dart_notified(tom)
    more: Any = {"household": household(ann)} if by_list else {"subjects": [ann.subject()]}
    text = {} if by_list else {"account": "CANARY"}  # her name, in the list, is one as well
    await town.publish(said)
    await town.publish(update_of(said, **more, **text))
    his, hers = await read(town, tom, "pln" if by_list else "hv-north"), await read(town, ann, "hv-birmingham")
    assert [e.withheld or e.standing for e in his.entries] == [NOT_THEIRS if by_list else "cancelled"]
    assert "CANARY" not in repr(his)
    assert by_list or [e.standing for e in hers.entries] != ["cancelled"]


async def test_while_a_person_must_say_who_is_meant_the_first_child_keeps_the_flag() -> None:
    """It may be the same child, and a flag that is taken off by a typing error protects nobody."""
    tom, _, folk = two()
    town = Town(*folk)
    said = flag_changed(tom, "child-protection-plan", since="2026-03-01")
    await town.publish(said)
    await town.publish(update_of(said, subjects=[tom.subject(nhs_number_status="02")]))
    assert town.tasks("match")
    await town.publish(ed_attendance(tom))
    (answer,) = town.status("ed", "live-flags")
    assert [f["kind"] for f in answer["flags"]] == ["child-protection-plan"]


async def test_an_update_about_the_same_child_takes_nothing_back() -> None:
    tom, _, folk = two()
    town = Town(*folk)
    said = ed_discharged(tom)
    await town.publish(said, update_of(said, diagnosis="Sprain"))
    assert not any("cancelled" in h.type for _, h in town.ledger.store.happened[tom.id])
    assert await read(town, tom, "hv-north")
