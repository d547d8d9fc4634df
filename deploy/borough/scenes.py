"""What happens in a morning, one scene for each matter of flows.md."""

from typing import Any

from deploy.borough import events, parts, places
from deploy.borough.find import (
    aged,
    educated,
    flagged,
    out_of_area,
    parent_of,
    plain,
    restricted,
    with_service,
    without_practice,
)
from deploy.borough.published import Published
from deploy.borough.stage import Stage

UNANSWERED = {"vulnerability": parts.absent("not-recorded"), "voice_of_child": {"missing": "not-asked"}}


def thing(said: Published, name: str = "attendance_id") -> str:
    """What a later event names this one by."""
    return str(said.event["data"][name])


def visit(stage: Stage, minute: float, child: str, **fields: Any) -> Published:
    """Arrival and discharge of one attendance."""
    came = stage.say(minute, events.ed_arrival, child).event["data"]
    same = {k: came[k] for k in ("attendance_id", "presenting_complaint")}
    return stage.say(minute + 50, events.ed_discharge, child, **(same | fields), arrived_at=came["arrived_at"])


def emergency(stage: Stage) -> None:
    """F05, F06, F09, F11: ordinary visits, and children whose teams are hard to find."""
    for n, kinds in enumerate(((aged(1, 4), plain), (aged(5, 11), plain), (aged(12, 15), plain))):
        seen = visit(stage, 4 + 23 * n, child := stage.child(*kinds))
        if n < 2:
            stage.say(150 + 20 * n, events.pln_form, child, attendance=thing(seen))
    for n, kind in enumerate(
        (
            without_practice,
            restricted,
            out_of_area(places.SANDWELL),
            out_of_area(places.WORCESTERSHIRE),
            educated("home-educated"),
            educated("not-in-education"),
            educated("between-schools"),
            flagged("child-protection-plan"),
        )
    ):
        stage.say(20 + 17 * n, events.ed_discharge, stage.child(kind))
    visit(stage, 61, stage.child(flagged("looked-after"), aged(1, 17)))
    stage.say(96, events.ed_discharge, stage.child(aged(16, 17), plain), by="ed-adult", **UNANSWERED)
    nameless = stage.child(aged(2, 9), plain)
    doubtful = parts.subject(stage.borough, nameless, "child") | {"nhs_number_status": "02"}
    stage.say(133, events.ed_discharge, nameless, subjects=[doubtful])


def infants(stage: Stage) -> None:
    """F07: two babies who cannot move by themselves came with an injury; a senior doctor sees one of them."""
    seen, unseen = stage.child(aged(0, 0), plain), stage.child(aged(0, 0), plain)
    first = stage.say(26, events.infant_injury, seen)
    stage.say(71, events.infant_reviewed, seen, attendance=thing(first))
    injury = first.event["data"]["infant_injury"]
    for minute, child, came in ((112, seen, first), (127, unseen, stage.say(33, events.infant_injury, unseen))):
        same = {k: came.event["data"][k] for k in ("attendance_id", "arrived_at", "presenting_complaint")}
        injury = came.event["data"]["infant_injury"]
        stage.say(minute, events.ed_discharge, child, **same, infant_injury=injury, diagnosis="Injury, under review")
    stage.say(200, events.pln_form, unseen, attendance=thing(came), criterion="infant-injury")


def young_people(stage: Stage) -> None:
    """F10: an alcohol overdose at 15, who did not want anybody told; substances at 17."""
    told = {
        "presenting_complaint": "Alcohol overdose",
        "mechanism_of_injury": "Found by friends in a park after drinking half a litre of vodka",
        "diagnosis": "Alcohol intoxication, observed overnight",
        "alcohol_or_substances": "alcohol",
        "consent": parts.REFUSED,
        "lawful_basis": parts.SAFEGUARDING,
        "accompanied_by": parts.absent("none"),
        "concern": parts.concern(stage.rng),
    }
    stage.say(14, events.ed_discharge, stage.child(aged(15, 15), plain), **told)
    other = {"alcohol_or_substances": "substances", "presenting_complaint": "Palpitations after taking a tablet"}
    stage.say(84, events.ed_discharge, stage.child(aged(17, 17)), **other)


def adults(stage: Stage) -> None:
    """F11, F12: think family. Not asked, asked and refused, asked and none, and children who were named."""
    stage.say(11, events.adult_ed, stage.adult(plain), reason="self-harm", asked="not-asked")
    named = stage.say(47, events.adult_ed, adult := stage.adult(plain), reason="domestic-abuse")
    stage.say(190, events.pln_form, adult, attendance=thing(named), criterion="adult-risk-taking-with-children")
    stage.say(89, events.adult_ed, stage.adult(with_service("ASM")), reason="substance-misuse")
    stage.say(118, events.adult_ed, stage.adult(plain), reason="mental-ill-health", asked="asked-refused")
    stage.say(143, events.adult_ed, stage.adult(plain), reason="other", asked="asked-none")


def abuse(stage: Stage) -> None:
    """F04: two homes with a second notification, now high, one with an outcome; one pregnant mother."""
    for n, discussed in enumerate((True, False)):
        mother = stage.mother(plain)
        stage.say(8 + 10 * n, events.dart_notified, mother, risk="medium")
        again = stage.say(122 + 26 * n, events.dart_notified, mother, risk="high")
        if discussed:
            stage.say(215, events.dart_outcome, mother, dart_ref=thing(again, "dart_ref"), risk="high")
    expecting = stage.borough.people[stage.unborn(aged(21, 45))]["mother"]
    stage.say(66, events.dart_notified, expecting, risk="low")


def maternity(stage: Stage) -> None:
    """F01, F02: bookings in and out of area, one concealed until late; handovers; twins are born."""
    stage.say(17, events.pregnancy_notified, stage.woman(aged(22, 38), plain))
    stage.say(54, events.pregnancy_notified, stage.woman(aged(24, 40), plain), booking="concealed", weeks=35)
    away = stage.woman(aged(20, 40), out_of_area(places.SANDWELL))
    stage.say(78, events.pregnancy_notified, away, by="midwives-sandwell", weeks=14)
    young = stage.woman(aged(16, 19))
    stage.say(101, events.pregnancy_notified, young, first_time_mother="no", booking="late", weeks=24)
    stage.say(40, events.handover, stage.unborn(aged(21, 45), weeks=(2, 30)))
    stage.say(93, events.handover, stage.unborn(aged(16, 19), weeks=(2, 40)), first_time=True)
    stage.say(138, events.birth, stage.unborn(weeks=(-2, 5)), babies=2)


def treatment(stage: Stage) -> None:
    """F03: parents register with the substance misuse service, stop coming, or leave it."""
    baby = stage.child(aged(0, 0), plain)
    stage.say(29, events.parent_registered, parent_of(stage.borough, baby))
    stage.say(81, events.parent_registered, stage.borough.people[stage.unborn(aged(21, 45))]["mother"])
    stage.say(107, events.parent_disengaged, stage.adult(with_service("ASM")))
    stage.say(158, events.parent_discharged, stage.adult(with_service("ASM")))


def flags(stage: Stage) -> None:
    """F05: flags raised on a child, a teenager and an unborn child; one ended."""
    planned = stage.child(aged(2, 10), plain)
    stage.say(36, events.flag, planned, kind="child-protection-plan")
    stage.say(152, events.ed_arrival, planned)
    stage.say(91, events.flag, stage.child(aged(13, 16), plain), kind="cse-risk")
    stage.say(116, events.flag, stage.unborn(), kind="unborn-plan")
    ended = stage.child(flagged("child-protection-plan"))
    stage.say(145, events.flag, ended, kind="child-protection-plan", change="ended")


def missed(stage: Stage) -> None:
    """F13: left before treatment, and not brought to clinics and CAMHS."""
    stage.say(58, events.left_before_treatment, stage.child(aged(1, 11)))
    stage.say(110, events.was_not_brought, stage.child(aged(2, 8)))
    stage.say(173, events.was_not_brought, stage.child(with_service("CAMHS")), by="camhs", referred_by="GP")


def directory(stage: Stage) -> None:
    """Rules A, B and D kept true: practice, address, school, caseload and NHS number."""
    stage.say(6, events.gp_changed, stage.child(plain))
    stage.say(44, events.gp_changed, stage.child(plain), practice=places.PRACTICES_IN[places.WOLVERHAMPTON][0].code)
    stage.say(51, events.address_changed, stage.child(plain))
    stage.say(86, events.address_changed, stage.mother(plain), restricted=True)
    stage.say(69, events.school_changed, stage.child(educated("school"), aged(6, 15), plain))
    stage.say(99, events.school_changed, stage.child(educated("school"), aged(7, 14)), education="home-educated")
    stage.say(63, events.caseload_changed, stage.child(aged(1, 3), plain), team="hv-stourbridge")
    stage.say(104, events.caseload_changed, stage.child(aged(9, 16)), team="camhs-dudley")
    stage.say(124, events.nhs_superseded, stage.child(plain))


def second_thoughts(stage: Stage) -> None:
    """An update, a cancellation, the same bytes twice, and one id with two bodies."""
    first = stage.say(31, events.ed_discharge, stage.child(aged(5, 11), plain))
    fields = {"diagnosis": "Fracture of the scaphoid, seen on review of the X-ray"}
    stage.put(165, events.update_of(first, stage.at(165), stage.rng, **fields))
    wrong = stage.say(73, events.was_not_brought, stage.child(aged(3, 12), plain))
    stage.put(129, events.cancel_of(wrong, stage.at(129), stage.rng))
    twice = stage.say(38, events.ed_discharge, stage.child(aged(1, 4), plain))
    stage.put(39, twice)
    clash = stage.say(56, events.ed_discharge, stage.child(aged(5, 11), plain))
    stage.put(57, events.same_id_other_body(clash, diagnosis="Written twice under one id"))


ALL = (
    emergency,
    infants,
    young_people,
    adults,
    abuse,
    maternity,
    treatment,
    flags,
    missed,
    directory,
    second_thoughts,
)
