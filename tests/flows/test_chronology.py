"""Chronology (issue 4, part 1): everything known about a child, in order, as one team may read it; facts, no score."""

from datetime import date, timedelta

import pytest

from router.chronology import Chronology, chronology
from router.chronology_page import NO_PATTERN, NOTHING, as_html, as_text
from router.page import page
from router.sight import NOBODYS, NOT_NAMED, NOT_THEIRS, SAID_NOT_THEIRS, WHEREABOUTS
from tests.stories import Town
from tests.story_events import (
    address_changed,
    adult_ed_attendance,
    birth_notified,
    cancel_of,
    caseload_changed,
    dart_notified,
    dart_outcome,
    ed_attendance,
    ed_discharged,
    flag_changed,
    maternity_handover,
    number_superseded,
    parent_registered,
    update_of,
    was_not_brought,
)
from tests.story_mash_events import mash_rag_changed, mash_request, mash_response
from tests.story_meeting_events import conference_invited, conference_minutes
from tests.story_people import MORNING, Person, adult, child, family, involved, person, unborn
from tests.story_referral_events import referral, referral_outcome
from tests.story_teams import NORTH, SOUTH

NOT_INJURED = {"mechanism_of_injury": {"absent": "not-applicable"}, "infant_injury": {"absent": "not-applicable"}}
ELSEWHERE = {"place": {"site": "RRK01", "name": "Heartlands Hospital"}}


def on(days: int) -> str:
    """A moment so many days before the story begins."""
    return (MORNING - timedelta(days=days)).isoformat()


async def read(town: Town, about: Person, team: str | None = None) -> Chronology:
    known = await town.ledger.chronicle(about.id)
    assert known is not None
    return chronology(known, town.book, team)


def said(made: Chronology) -> list[str]:
    return [e.withheld or e.type for e in made.entries]


async def test_all_services_in_the_order_in_which_it_happened_and_not_in_which_it_came() -> None:
    mother, tom = adult("Ada"), child("Tom", age=3)
    town = Town(family(mother=mother, children=[tom]))
    dart = dart_notified(tom, mother, time=on(20))
    await town.publish(ed_discharged(tom, time=on(10), diagnosis="Greenstick fracture"))
    await town.publish(dart)
    await town.publish(dart_outcome(dart, time=on(15)), was_not_brought(tom, time=on(5)))
    await town.receipt(next(x for x in town.inbox("hv-north") if "diagnosis" in x["what_happened"]), "acknowledged")

    made = await read(town, tom, "hv-north")

    assert said(made) == ["dart-notified-1", "dart-outcome-1", "ed-attendance-discharged-1", "was-not-brought-1"]
    assert [e.number for e in made.entries] == [1, 2, 3, 4]
    ed = made.entries[2]
    assert ed.sections is not None
    assert ed.sections["what_happened"]["diagnosis"] == "Greenstick fracture"
    assert ed.by == "EMERGENCY (emergency department)"
    assert ("health visiting team", "acknowledged") in ed.told
    assert {"GP practice", "health visiting team", "paediatric liaison nurse"} <= set(ed.may_see)
    text = " ".join(as_text(made).split())
    assert "Diagnosis: Greenstick fracture" in text
    assert "health visiting team: read and acknowledged" in text
    assert "Rule" not in text.split("ENTRIES")[1]


async def test_a_team_reads_what_its_rows_name_and_all_else_is_withheld_with_the_reason() -> None:
    ada, tom = adult("Ada"), child("Tom", age=9)
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(parent_registered(ada, tom, clinical_detail="CANARY-CLINIC", time=on(3)))
    await town.publish(flag_changed(tom, "child-in-need", time=on(2)))
    await town.publish(ed_discharged(tom, time=on(1), alcohol_or_substances="alcohol", diagnosis="CANARY-DIAGNOSIS"))

    nurse, switch = await read(town, tom, "sn-north"), await read(town, tom, "switch")

    assert "parent-substance-service-registered-1" in said(nurse)
    assert ("Clinical record of the adult", "the adult's clinical record; no rule names you (rule E)") in [
        left for e in nurse.entries for left in e.left_out
    ]
    assert "CANARY-CLINIC" not in as_text(nurse) + as_html(nurse)
    assert "CANARY-DIAGNOSIS" in as_text(nurse)
    assert said(switch)[:2] == [NOT_THEIRS] * 2, "Switch was told of the attendance alone"
    assert said(switch)[2] == "ed-attendance-discharged-1"
    assert "Ada" not in as_text(switch) + as_html(switch)
    withheld = switch.entries[0]
    assert (withheld.type, withheld.what, withheld.by, withheld.event) == ("", "", "", "")
    assert withheld.sections is None
    assert f"This entry is not shown: {NOT_THEIRS}." in " ".join(as_text(switch).split())


async def test_of_what_it_published_itself_a_team_reads_all() -> None:
    ada, tom = adult("Ada"), child("Tom", age=9)
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(parent_registered(ada, tom, clinical_detail="CANARY-CLINIC"))
    assert "CANARY-CLINIC" in as_text(await read(town, tom, "substance-misuse"))


async def test_a_team_without_a_part_in_the_childs_life_reads_nothing() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom), ed_attendance(tom))
    for stranger in ("hv-south", "gp-hagley", "sn-north", "hv-birmingham", "adult-mental-health"):
        made = await read(town, tom, stranger)
        assert set(said(made)) <= {NOT_THEIRS, NOT_NAMED}, stranger
        assert made.patterns == ()
    await town.receipt(town.inbox("gp-castle")[0], "not-ours")
    assert set(said(await read(town, tom, "gp-castle"))) == {SAID_NOT_THEIRS}


async def test_made_for_nobody_in_particular_it_holds_nothing_restricted_and_no_service_whose_part_is() -> None:
    ada, tom = adult("Ada"), child("Tom", age=9)
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(parent_registered(ada, tom, clinical_detail="CANARY-CLINIC"))
    await town.publish(caseload_changed(tom, "CASH", "sexual-health"))
    made = await read(town, tom)
    assert "CANARY-CLINIC" not in as_text(made)
    assert said(made) == ["parent-substance-service-registered-1", NOT_NAMED]
    assert "sexual" not in as_text(made) + as_html(made)
    assert "caseload-changed-1" in said(await read(town, tom, "sexual-health"))


async def test_an_entry_whose_row_only_restricted_services_have_is_withheld_from_everybody_else() -> None:
    tom = child("Tom", age=9)
    town = Town(family(mother=adult(), children=[tom]))
    from dataclasses import replace

    from contracts.parts.services import Service
    from router.policy.book import make_book
    from router.policy.domestic_abuse import NOTIFIED

    rows = tuple(replace(r, service=Service.CASH) for r in NOTIFIED.shares[:1])
    town.book = make_book(iter([replace(NOTIFIED, shares=rows, expectations=())]))
    await town.publish(dart_notified(tom))
    assert said(await read(town, tom)) == [NOBODYS]
    assert said(await read(town, tom, "sn-north")) == [NOT_NAMED]


async def test_the_school_nurse_reads_what_the_health_visitor_was_told_before_the_child_was_five() -> None:
    eve = person("Eve", born=MORNING.date() - timedelta(days=5 * 366 + 30))
    town = Town(family(mother=adult(), children=[eve]))
    await town.publish(ed_discharged(eve, time=on(700), diagnosis="At three"))
    await town.publish(ed_discharged(eve, time=on(1), diagnosis="At five"))
    nurse, visitor = await read(town, eve, "sn-north"), await read(town, eve, "hv-north")
    assert [(e.sections or {})["what_happened"]["diagnosis"] for e in nurse.entries] == ["At three", "At five"]
    assert visitor.entries[1].withheld is not None, "a health visitor is not told of a child of five"


async def test_a_third_injury_in_90_days_at_two_hospitals_is_a_pattern_with_its_sources() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    for days, more in ((200, {}), (89, {}), (40, ELSEWHERE), (0, {})):
        arrived = ed_attendance(tom, time=on(days), **more)
        await town.publish(arrived)
        same = {"attendance_id": arrived.data["attendance_id"]}
        await town.publish(ed_discharged(tom, time=on(days), **(more | same)))
    made = await read(town, tom, "hv-north")
    injuries = next(p for p in made.patterns if p.rule == "repeated injury")
    assert injuries.words == "third injury attendance in 90 days, two hospitals"
    assert [made.entries[n - 1].at.date() for n in injuries.entries][-1] == MORNING.date()
    assert len(injuries.entries) in (3, 6), "the day 200 days ago is not among them"
    assert injuries.first.date() == MORNING.date() - timedelta(days=89)
    text = " ".join(as_text(made).split())
    assert "Third injury attendance in 90 days, two hospitals (entries" in text
    assert "Rule 'repeated injury' of Monday 23 November 2026; F09, local decision." in text
    assert "Heartlands" not in text.split("ENTRIES")[0]
    assert "score" in text
    assert "score" not in text.replace("is no score of a child or a family", "")


@pytest.mark.parametrize(("days", "found"), [(90, True), (91, False)])
async def test_the_ninetieth_day_counts_and_the_day_before_it_does_not(days: int, found: bool) -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, time=on(days)), ed_discharged(tom, time=on(0)))
    made = await read(town, tom, "hv-north")
    assert any(p.rule == "repeated injury" for p in made.patterns) is found
    assert found or NO_PATTERN in " ".join(as_text(made).split())


async def test_who_was_asked_answered_or_told_back_reads_what_it_was_sent_and_nobody_else_does() -> None:
    """Such rows name no service: whoever had the summary may read it again, and MASH above all the answers to it."""
    mother, kay = adult("Ada"), child("Kay", age=7, services=[involved("CAMHS", "camhs")])
    town = Town(family(mother=mother, children=[kay]))
    request = mash_request(kay)
    await town.publish(request)
    await town.publish(mash_response(request, "gp-castle", "gp"), mash_response(request, "camhs", "camhs"))
    await town.publish(mash_rag_changed(request, "red"))
    sent = referral(kay, mother, by="cash")
    await town.publish(sent, referral_outcome(sent))
    await town.publish(conference_invited(kay, also_invited=["YPSE"]))
    await town.publish(conference_minutes(kay))
    teams = sorted({*town.told(), "cash", "sexual-health", "ward"} & set(town.ledger.store.cover.teams))
    assert {"mash", "exploitation-panel", "sexual-health"} < set(teams)
    for team in teams:
        shown = {e.event: e for e in (await read(town, kay, team)).entries if e.withheld is None}
        letters = town.inbox(team, kay)
        for letter in letters:
            assert dict(shown[letter["event"]["id"]].sections["what_happened"]) == letter["what_happened"], team
        cover = town.ledger.store.cover
        sent_by = {r.event.id: cover.publishers[r.event.publisher].team for r in town.ledger.store.events.values()}
        its_own = {event for event, by in sent_by.items() if by == team}
        assert shown.keys() == its_own | {x["event"]["id"] for x in letters}, team
    answers = [e for e in (await read(town, kay, "mash")).entries if e.type == "mash-response-1"]
    assert len(answers) == 2


async def test_who_owes_the_answer_since_the_child_was_handed_on_reads_the_question_and_until_then_does_not() -> None:
    bea = child("Bea", age=3)
    town = Town(family(mother=adult("Ada"), children=[bea]))
    request = mash_request(bea)
    await town.publish(request, address_changed(bea, SOUTH))
    assert NOT_NAMED in said(await read(town, bea, "hv-south"))
    await town.receipt(town.letter("hv-south"), "acknowledged")
    made = await read(town, bea, "hv-south")
    (asked,) = [e for e in made.entries if e.event == request.id]
    assert asked.sections is not None
    assert asked.sections["what_happened"]["what_is_asked"] == request.data["what_is_asked"]
    assert asked.told == ()
    assert sum(what.startswith("a MASH request is answered") for what in made.still_open) == 1, "its own, not the GP's"


async def test_who_was_asked_reads_of_nobody_else_who_was_and_who_asked_reads_of_all() -> None:
    """That a service was asked says what it may hold (rule E): neither by name nor by what is still owed."""
    kay = child("Kay", age=7, services=[involved("CAMHS", "camhs")])
    town = Town(family(mother=adult("Ada"), children=[kay]))
    request = mash_request(kay)
    await town.publish(request)
    await town.publish(mash_rag_changed(request, "red"))
    for team, service in (("gp-castle", "GP practice"), ("sn-north", "school nursing team"), ("camhs", "CAMHS")):
        made = await read(town, kay, team)
        assert [e.told for e in made.entries] == [((service, "sent"),)] * 2
        assert len(made.still_open) == 1
        own_words = {"GP practice", "school nursing team", "CAMHS"} - {service}
        assert not [words for words in own_words if words in as_text(made) + as_html(made)], team
    asked, rated = (await read(town, kay, "mash")).entries
    assert {who for who, _ in asked.told} == {who for who, _ in rated.told} == {
        "GP practice", "school nursing team", "CAMHS",
    }  # fmt: skip
    assert len((await read(town, kay, "mash")).still_open) == 3
    assert not any(e.told for e in (await read(town, kay)).entries)


async def test_patterns_count_only_what_the_reader_sees_and_what_stands() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first, second = ed_discharged(tom, time=on(20)), ed_discharged(tom, time=on(10))
    await town.publish(first, second, ed_discharged(tom, time=on(5), **NOT_INJURED))
    assert [p.rule for p in (await read(town, tom, "gp-castle")).patterns] == ["repeated injury", "repeated attendance"]
    await town.publish(cancel_of(second))
    made = await read(town, tom, "gp-castle")
    assert made.patterns == ()
    assert [e.standing for e in made.entries].count("cancelled") == 1
    assert "Taken back by the sender." in as_text(made)


async def test_a_corrected_entry_stands_once_as_it_is_now() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first = ed_discharged(tom, diagnosis="Bruise")
    await town.publish(first)
    await town.publish(update_of(first, sequence="00000000000000000002", diagnosis="Fracture"))
    await town.publish(update_of(first, sequence="00000000000000000001", diagnosis="Late and older"))
    (entry,) = (await read(town, tom, "hv-north")).entries
    assert entry.sections is not None
    assert (entry.standing, entry.sections["what_happened"]["diagnosis"]) == ("corrected", "Fracture")


async def test_moves_are_entries_without_a_place_and_of_a_restricted_child_not_even_that() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(address_changed(tom, SOUTH, time=on(9)))
    await town.publish(address_changed(tom, NORTH, time=on(4)))
    made = await read(town, tom, "hv-north")
    assert said(made) == ["address-changed-1"] * 2
    assert [p.words for p in made.patterns] == ["second change of address in 365 days"]
    assert SOUTH not in as_text(made)
    await town.publish(address_changed(tom, None, time=on(1), by="csc"))
    made = await read(town, tom, "gp-castle")
    assert set(said(made)) == {NOT_THEIRS}, "the practice that could be found from its register is found no more"
    assert set(said(await read(town, tom))) == {WHEREABOUTS}
    assert (await read(town, tom)).patterns == ()


async def test_of_an_adult_only_what_bears_on_this_child_is_read_and_no_other_child() -> None:
    ada, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9)
    town = Town(family(mother=ada, children=[tom, ann]))
    await town.publish(adult_ed_attendance(ada, tom, ann, clinical_detail="CANARY-CLINIC"))
    text = as_text(await read(town, tom, "hv-north"))
    assert "Tom" in text
    assert "Ann" not in text
    assert "CANARY-CLINIC" not in text


async def test_from_before_birth_twins_share_only_the_time_before_it() -> None:
    ada, bump = adult("Ada"), unborn(weeks=39)
    town = Town(family(mother=ada, children=[bump]))
    await town.publish(maternity_handover(ada, bump, time=on(10)))
    one, two = (person(name, born=MORNING.date() - timedelta(days=2), mother=ada.id) for name in ("One", "Two"))
    await town.publish(birth_notified(ada, one, two, time=on(2)))
    await town.publish(ed_discharged(one, time=on(0)))
    second = next(p for p in town.ledger.store.people if town.ledger.store.people[p][0] == two.nhs)
    first, other = await read(town, bump), await read(town, Person(second, {}))
    assert said(first) == ["maternity-handover-1", "birth-notified-1", "ed-attendance-discharged-1"]
    assert said(other) == ["maternity-handover-1", "birth-notified-1"]


async def test_another_nhs_number_is_the_same_chronology_and_is_itself_no_entry() -> None:
    tom, later = child("Tom", age=3), child("Later", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, time=on(5)))
    await town.publish(number_superseded(tom, later.nhs, reason="corrected", time=on(3)))
    tom.doc["nhs"] = later.nhs
    await town.publish(ed_discharged(tom, time=on(1)))
    made = await read(town, tom, "hv-north")
    assert said(made) == ["ed-attendance-discharged-1"] * 2
    assert made.nhs == later.nhs
    assert "number" not in as_text(made).split("ENTRIES")[1]


async def test_what_is_owed_about_it_stands_at_the_end_until_it_is_met() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    open_now = (await read(town, tom, "hv-north")).still_open
    assert any("health visiting team acknowledges, by Wednesday 18 March 2026" in one for one in open_now)
    await town.receipt(town.letter("hv-north"), "acknowledged")
    assert not any("health visiting" in one for one in (await read(town, tom, "hv-north")).still_open)


async def test_what_nobody_answered_to_the_last_rung_is_still_open_and_since_when_it_is_overdue() -> None:
    """Whoever takes the child over reads there what the team before still owes: what is longest owed most of all."""
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))

    async def open_now() -> str:
        (one,) = (o for o in (await read(town, tom, "hv-north")).still_open if o.startswith("health visiting team"))
        return one

    await town.advance(working_days=2, minutes=1)
    assert (await open_now()).endswith("overdue since Wednesday 18 March 2026, 9am")
    await town.advance(working_days=3)
    assert "overdue since Wednesday 18 March 2026, 9am; its last rung has fired" in await open_now()
    (task,) = [t for t in town.tasks("unanswered") if t.task.owner != "pln" and "health visiting" in t.task.words]
    await town.ledger.close("task", task.task.id, "N. Nurse", "Seen at home.")
    assert not any("health visiting" in one for one in (await read(town, tom, "hv-north")).still_open)


async def test_where_there_is_nothing_the_page_says_so() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    made = await read(town, tom, "hv-north")
    assert NOTHING in as_text(made)
    assert NOTHING in as_html(made)
    assert await town.ledger.chronicle("00000000-0000-0000-0000-000000000000") is None


async def test_the_page_stands_alone_and_what_was_written_into_it_is_only_text() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, diagnosis="<script>alert(1)</script>", time=on(0)))
    made = await read(town, tom, "hv-north")
    html = as_html(made)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not any(word in html for word in ("http://", "https://", "src=", "href=", "@import"))
    title = html[html.index("<title>") : html.index("</title>")]
    assert "Tom" not in title
    assert tom.nhs not in title
    assert all(len(line) <= 78 for line in as_text(made).splitlines())


async def test_what_a_team_reads_here_of_an_event_is_what_its_summary_held() -> None:
    """The chronology shows a team of an event the same fields as the summary of it did, by the same rows."""
    ada, tom = adult("Ada"), child("Tom", age=9)
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(ed_discharged(tom), dart_notified(tom, ada), was_not_brought(tom), parent_registered(ada, tom))
    compared = 0
    for team in sorted(town.told()):
        shown = {e.event: e for e in (await read(town, tom, team)).entries if e.withheld is None}
        for letter in town.inbox(team, tom):
            entry = shown[letter["event"]["id"]]
            assert entry.sections is not None
            for section in ("what_happened", "risk_and_impact", "voice_of_child"):
                assert dict(entry.sections[section]) == letter[section], (team, section)
            compared += 1
            assert page({"type": letter.type, "data": letter.data, "id": letter.id})
    assert compared >= 8


def test_a_pattern_rule_has_a_name_a_day_a_paragraph_and_counts() -> None:
    from router.patterns import RULES

    assert len({r.name for r in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.least >= 2
        assert rule.days >= 1
        assert rule.agreed <= date(2026, 11, 23)
        assert rule.because.paragraph
        assert rule.because.words
