"""What a team is shown: the fields its rows name and no more; what is left out is said with its reason."""

from datetime import date
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter

from contracts.adult_substance_misuse import ParentRegistered
from contracts.directory import AddressChanged
from contracts.domestic_abuse import DartNotified
from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from contracts.register import event_types
from router.compose import Cut, cut_for, envelope, numbered, sections_of, who_block, why_block
from router.directory import PersonDoc
from router.events import Event, Received
from router.facts import Child
from router.policy.words import Condition, Fields, Gap, Tell, everything, only, tell
from tests.story_events import Said, address_changed, dart_notified, ed_discharged, parent_registered
from tests.story_people import MORNING, adult, child

F03 = Gap("F03", "1.7", "R1.3", "of these tests")
F04 = Gap("F04", "1.11", "R1.1", "of these tests")
MUM, TOM, ANN = adult("Ada"), child("Tom", age=3), child("Ann", age=9)
EVERY_TYPE = list(event_types().values())


def row(gets: Fields, *may_see: Restriction, because: Gap = F03, conditions: tuple[Condition, ...] = ()) -> Tell:
    return tell(Service.HV, *conditions, because=because, gets=gets, may_see=may_see)


def shown(cut: Cut) -> set[str]:
    return {name for _, names in cut.sections for name in names}


def cut(model: type[EventData], *rows: Tell, further: dict[str, str] | None = None) -> Cut:
    return cut_for(model, rows, frozenset(model.model_fields), tuple(sorted((further or {}).items())))


def made(said: Said) -> Event:
    model = event_types()[said.event["type"]]
    data = TypeAdapter(model).validate_python(said.data)
    received = Received("x", b"", None, "events.x", 0, 0)
    return Event(
        id=said.id, source="https://x", type=model.event_type, time=MORNING, action="new", sequence=None,
        correlation=None, publisher="x", data=data, body=said.data, received=received, digest=b"",
    )  # fmt: skip


def seen(said: Said, gets: Fields, *may_see: Restriction, slot: str | None = None, **doc: Any) -> Any:
    """(sections, withheld) of this event about Tom, who is in this slot."""
    event = made(said)
    file: PersonDoc = {**TOM.doc, **doc}  # type: ignore[typeddict-item]
    about = Child(TOM.id, file, None, 3, False, slot)
    present = frozenset(said.data)
    own = cut_for(type(event.data), (row(gets, *may_see),), present, ())
    sections, besides = sections_of(event, about, own)
    return sections, {w["what"]: w["why"] for w in (*own.withheld, *besides)}


@pytest.mark.parametrize("model", EVERY_TYPE, ids=lambda m: m.event_type)
def test_a_row_that_names_nothing_shows_the_author_and_the_basis_and_withholds_the_rest(model: type[EventData]) -> None:
    least = cut(model, row(only()))
    assert {name for name, names in least.sections if names} <= {"author", "lawful_basis_and_consent"}
    marks = field_marks(model)
    seeable = {n for n, m in marks.items() if m["section"] != "not_shown"}
    fields, flags = len(seeable - shown(least)), 1
    assert len(least.withheld) == fields + flags, "each is shown or withheld: there is no nowhere"


@pytest.mark.parametrize("model", EVERY_TYPE, ids=lambda m: m.event_type)
def test_everything_never_means_what_is_restricted(model: type[EventData]) -> None:
    marks = field_marks(model)
    restricted = {n for n, m in marks.items() if "restricted" in m}
    assert not shown(cut(model, row(everything()))) & restricted
    assert restricted <= shown(cut(model, row(everything(), *Restriction)))
    assert "subjects" not in shown(cut(model, row(everything(), *Restriction))), "the people named are routing matter"
    assert "asks" not in shown(cut(model, row(everything(), *Restriction)))


def test_a_restricted_field_needs_the_very_permission() -> None:
    assert "perpetrator" not in shown(cut(DartNotified, row(everything(), Restriction.ADULT_CLINICAL)))
    assert "perpetrator" in shown(cut(DartNotified, row(everything(), Restriction.THIRD_PARTY)))
    why = {w["what"]: w["why"] for w in cut(ParentRegistered, row(everything())).withheld}
    assert "rule E" in why["Clinical record of the adult"]


def test_naming_a_restricted_field_is_no_permission() -> None:
    assert "clinical_detail" not in shown(cut(ParentRegistered, row(only("clinical_detail", "substances"))))


def test_two_rows_show_what_either_names() -> None:
    first, second = row(only("account")), row(only("risk_level", adds=("flags",)), Restriction.THIRD_PARTY)
    both = cut(DartNotified, first, second)
    assert {"account", "risk_level"} <= shown(both)
    assert both.adds == ("flags",)
    assert "perpetrator" not in shown(both), "a permission alone shows nothing"
    assert shown(cut(DartNotified, row(only("account")), row(everything(but=("account",))))) >= {"account"}


def test_what_the_author_restricts_further_is_kept_from_those_without_the_permission() -> None:
    further = {"account": "third-party-identity"}
    kept = cut(DartNotified, row(everything()), further=further)
    assert "account" not in shown(kept)
    assert any(w["what"] == "Account of the incident" and "identifies" in w["why"] for w in kept.withheld)
    assert "account" in shown(cut(DartNotified, row(everything(), Restriction.THIRD_PARTY), further=further))


def test_least_content_is_said_to_be_that() -> None:
    why = {w["what"]: w["why"] for w in cut(DartNotified, row(everything(but=("account",)))).withheld}
    assert why["Account of the incident"] == "not needed for what you are told this for (least content)"
    assert (
        "whereabouts"
        in {w["what"]: w["why"] for w in cut(AddressChanged, row(everything())).withheld}["Home authority"]
    )


def test_what_was_not_sent_is_neither_shown_nor_withheld() -> None:
    sections, withheld = seen(dart_notified(TOM, earlier_notifications={"absent": "none"}), everything())
    assert "safe_contact" not in sections["context"]
    assert "Safe contact" not in withheld
    assert sections["context"]["earlier_notifications"] == {"absent": "none"}, "a coded absence is shown as one"


def test_of_the_children_listed_a_delivery_shows_its_own() -> None:
    said = parent_registered(MUM, TOM, ANN)
    sections, withheld = seen(said, everything(), slot="household.0")
    assert [c["name"]["given"] for c in sections["what_happened"]["household"]["children"]] == ["Tom"]
    assert withheld["Other children listed"] == "other children are told to those who work with them (rule D)"
    for slot in (None, "subjects.0"):
        sections, withheld = seen(said, everything(), slot=slot)
        assert sections["what_happened"]["household"]["children"] == []
        assert "Other children listed" in withheld
    _, withheld = seen(parent_registered(MUM, TOM), everything(), slot="household.0")
    assert "Other children listed" not in withheld


@pytest.mark.parametrize(
    "text",
    [
        "Lives near DY1 2AB.",
        "Moved to dy12ab",
        "See WS10 7AB",
        "Lives at 4 High Street, with an aunt",
        "now at 112a, old mill lane",
        "Moved to 7 St John's Rd.",
        "at 12 Larch Close since May",
        "of 3 Priory View",
        "staying in flat 12b",
    ],
)
def test_where_whereabouts_are_withheld_no_text_with_an_address_is_shown(text: str) -> None:
    said = ed_discharged(TOM, follow_up=text)
    sections, _ = seen(said, everything())
    assert sections["what_happened"]["follow_up"] == text
    sections, withheld = seen(said, everything(), restricted=True)
    assert "follow_up" not in sections["what_happened"]
    assert "may hold an address" in withheld["follow up"]


@pytest.mark.parametrize(
    "text",
    [
        "Seen 3 times in a row, each on the way home from school",
        "Review in 2 weeks, in the green clinic; 10 mg twice a day, then close monitoring",
        "Aged 4. Walks to the park. Ward 7, bed 12",
        "A 5 year old who fell off a drive wall",
        "Court on 14 April; hearing at 10",
    ],
)
def test_words_that_only_sound_like_an_address_are_shown(text: str) -> None:
    sections, _ = seen(ed_discharged(TOM, follow_up=text), everything(), restricted=True)
    assert sections["what_happened"]["follow_up"] == text


def test_the_event_itself_is_left_as_it_came() -> None:
    said = parent_registered(MUM, TOM, ANN, caring_responsibilities=None)
    before = orjson.dumps(said.data)
    seen(said, everything(), slot="household.0", restricted=True)
    assert orjson.dumps(said.data) == before


def test_a_place_is_never_part_of_who_it_is_about() -> None:
    file: Any = TOM.doc | {
        "area": "E05001251",
        "authority": "E08000027",
        "practice": "M87901",
        "school": "999101",
        "household": "home-1",
        "services": [],
        "flags": [],
    }
    block = who_block(Child(TOM.id, file, None, 3, False, None))
    assert set(block) == {"person", "name", "birth_date", "nhs_number"}
    unborn = who_block(Child("u", {"expected": "2026-08-01", "mother": MUM.id}, MUM.doc, -1, True, None))
    assert unborn["unborn"] == {"expected_date": "2026-08-01", "mother": MUM.doc["name"], "mother_nhs_number": MUM.nhs}


def test_why_you_names_each_gap_once() -> None:
    under = Condition("the child is under 5", lambda *_: True, "under")
    why = why_block((row(only(), conditions=(under,)), row(only(), because=F04), row(everything(), because=F04)))
    assert [(w["flow"], w["words"]) for w in why] == [("F03", "the child is under 5"), ("F04", "always")]


def test_the_number_is_put_into_the_envelope_and_nothing_else_changes() -> None:
    body = envelope("x-summary-1", "d-1", "2026-03-16T09:00:00+00:00", "e-1", "case-1", {"delivery_id": "d-1"})
    sent = orjson.loads(numbered(body, 7))
    assert sent.pop("sequence") == "000000000007"
    assert sent == orjson.loads(body)
    assert (sent["causationid"], sent["correlationid"], sent["data"]) == ("e-1", "case-1", {"delivery_id": "d-1"})


def test_an_address_is_nobodys_to_see() -> None:
    said = address_changed(TOM, "E05001260")
    sections, withheld = seen(said, everything())
    assert "E05001260" not in str(sections)
    assert "Area of residence" in withheld
    assert date.fromisoformat(sections["what_happened"]["since"])
