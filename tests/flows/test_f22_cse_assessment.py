"""F22 (1.15, 3.12, 3.13, 3.16, 3.31): a risk of exploitation that a practitioner finds is MASH's the same day.

Before: a GP "failed to recognise and refer a young person at risk of CSE … despite documenting in the patient record
that they were at risk of being groomed"; one CAMHS practitioner did it outstandingly."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, ed_attendance, flag_changed
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, involved
from tests.story_referral_events import cse_assessment
from tests.story_teams import directory

TOOL: dict[str, Any] = {
    "tool": "Shropshire CSE risk assessment tool",
    "tool_version": "2015-3",
    "score": "17 of 30",
    "level": "significant risk",
    "indicators": [
        {"words": "Older boyfriend", "found": "yes"},
        {"words": "Unexplained gifts", "found": "yes"},
        {"words": "Missing from home", "found": "no"},
    ],
}


def home() -> tuple[Person, Family]:
    girl = child("Kay", age=15)
    return girl, family(mother=adult("Tam"), children=[girl])


async def test_mash_and_the_panel_have_the_tools_own_words_and_the_childs() -> None:
    girl, folk = home()
    girl.doc["flags"] = [flag("child-in-need")]
    town = Town(folk)
    said = {"said": "He has pictures.", "seen_alone": "yes"}
    assessed = cse_assessment(girl, voice_of_child=said, **TOOL)

    await town.publish(assessed)

    assert town.told(assessed) == {"mash", "exploitation-panel"}
    for team in ("mash", "exploitation-panel"):
        letter = town.letter(team)
        assert (letter["what_happened"]["tool"], letter["what_happened"]["tool_version"]) == (
            TOOL["tool"], "2015-3",
        )  # fmt: skip
        risk = letter["risk_and_impact"]
        assert (risk["score"], risk["level"]) == ("17 of 30", "significant risk")
        assert risk["indicators"] == TOOL["indicators"]
        assert letter["voice_of_child"]["voice_of_child"]["said"] == "He has pictures."
        assert [f["kind"] for f in letter["flags"]] == ["child-in-need"]
    page = reads_in_order(town.letter("mash"))
    assert "Score, as the tool gives it: 17 of 30" in page["RISK AND IMPACT ON THE CHILD"]
    assert "Older boyfriend" in page["RISK AND IMPACT ON THE CHILD"]
    assert "raise the flag" in reads_in_order(town.letter("exploitation-panel"))["WHAT YOU ARE ASKED TO DO"]


@pytest.mark.parametrize("by", ["camhs", "cash", "sn", "gp"])
async def test_whoever_finds_it_need_not_know_whom_to_tell(by: str) -> None:
    girl, folk = home()
    town = Town(folk)
    await town.publish(cse_assessment(girl, by=by))
    assert town.refusals() == []
    assert town.told() == {"mash", "exploitation-panel"}


@pytest.mark.parametrize(("conclusion", "told"), [("concern", True), ("not-sure", True), ("no-concern", False)])
async def test_the_practitioners_conclusion_decides_and_never_the_score(conclusion: str, told: bool) -> None:
    girl, folk = home()
    town = Town(folk)
    high = {"score": "30 of 30", "level": "highest"}
    low = {"score": "0 of 30", "level": "none"}
    for found in (high, low):
        assessed = cse_assessment(girl, conclusion=conclusion, **found)
        await town.publish(assessed)
        assert town.told(assessed) == ({"mash", "exploitation-panel"} if told else set())
        outcomes = {v.outcome for v in town.verdicts(assessed)}
        assert outcomes == ({"told"} if told else {"not-applicable"}), "and it is recorded why not"


async def test_no_score_is_made_where_the_tool_gave_none() -> None:
    girl, folk = home()
    town = Town(folk)
    nothing: dict[str, Any] = {"score": {"absent": "not-recorded"}, "level": {"absent": "not-recorded"}}
    await town.publish(cse_assessment(girl, **(TOOL | nothing)))
    risk = town.letter("mash")["risk_and_impact"]
    assert (risk["score"], risk["level"]) == (nothing["score"], nothing["level"])
    (quality,) = town.status("camhs", "quality")
    assert [p["path"] for p in quality["problems"]] == ["data.score"]


async def test_mash_acknowledges_by_the_end_of_the_same_working_day_or_its_ladder_fires() -> None:
    girl, folk = home()
    town = Town(folk, teams=directory(mash={"lead": "hv-lead"}))
    await town.publish(cse_assessment(girl, **TOOL))
    await town.receipt(town.letter("exploitation-panel"), "acknowledged")
    await town.receipt(town.letter("mash"), "matched", kind="system")

    await town.advance(hours=7, minutes=59)
    assert town.escalations() == []
    await town.advance(minutes=1)
    (first,) = town.escalations()
    assert (first.team, first["due"]) == ("hv-lead", "2026-03-16T17:00:00+00:00")
    assert first["words"] == "MASH health nurse acknowledges"
    assert b"Older boyfriend" not in first.raw
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["hv-lead", "nn-community"]
    await town.advance(working_days=20)
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-community"]


async def test_acknowledged_the_same_day_nobody_is_rung() -> None:
    girl, folk = home()
    town = Town(folk)
    await town.publish(cse_assessment(girl))
    for team in ("mash", "exploitation-panel"):
        await town.receipt(town.letter(team), "acknowledged")
    await town.advance(working_days=20)
    assert town.escalations() == []


async def test_the_panel_has_two_working_days_and_then_social_care_hears() -> None:
    girl, folk = home()
    town = Town(folk)
    await town.publish(cse_assessment(girl))
    await town.receipt(town.letter("mash"), "acknowledged")
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations()] == ["social-care"]


async def test_the_flag_that_the_panel_then_raises_is_what_others_hear_of() -> None:
    girl, folk = home()
    girl.doc["services"] = [involved("SWITCH", "switch")]
    town = Town(folk)
    await town.publish(cse_assessment(girl, by="cash", **TOOL))
    assert "switch" not in town.told()

    raised = flag_changed(girl, "cse-risk", by="ypse")
    await town.publish(raised)

    assert town.told(raised) == {"sn-north", "gp-castle", "switch"}
    for team in town.told(raised):
        assert b"Older boyfriend" not in town.letter(team).raw
        assert b"17 of 30" not in town.letter(team).raw
    await town.publish(ed_attendance(girl))
    (live,) = town.status("ed", "live-flags")
    assert [f["kind"] for f in live["flags"]] == ["cse-risk"]


async def test_family_school_practice_and_whoever_works_with_the_child_read_nothing_of_the_assessment() -> None:
    girl, folk = home()
    girl.doc["services"] = [involved("SWITCH", "switch"), involved("CASH", "sexual-health")]
    girl.doc["flags"] = [flag("looked-after")]
    town = Town(folk)
    secret = [{"words": "CANARY-INDICATOR", "found": "yes"}]
    assessed = cse_assessment(girl, indicators=secret, score="CANARY-SCORE")
    await town.publish(assessed)
    await town.advance(working_days=12)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "mash"), ("summary", "exploitation-panel")}
    assert girl.nhs.encode() not in b"".join(e.raw for e in town.escalations())

    await town.publish(ed_attendance(girl))
    assert all("exploitation" not in str(x["context"]) for x in town.inbox("pln")), (
        "it is not counted among the earlier"
    )


async def test_an_assessment_taken_back_is_told_to_both() -> None:
    girl, folk = home()
    town = Town(folk)
    assessed = cse_assessment(girl)
    await town.publish(assessed)
    await town.publish(cancel_of(assessed))
    assert {w.team for w in town.withdrawals()} == {"mash", "exploitation-panel"}
    await town.advance(working_days=12)
    assert town.escalations() == []
