"""Events of stories: the published example of each type, about the people of the story, with what the story changes.

Every builder takes the people it is about and keywords that replace fields of `data` (a keyword given None leaves the
field out) or attributes of the envelope (`id`, `time`, `eventaction`, `sequence`, `correlationid`, `testevent` …).
`by` names the publisher; without it the directory's first one of a service that may publish the type."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from contracts.parts.envelope import Envelope
from contracts.register import example_of
from tests.story_people import Json, Person

_ATTRIBUTES = frozenset(Envelope.model_fields) - {"data"}
_THINGS = ("attendance_id", "appointment_id", "dart_ref", "episode_id", "flag_id", "form_id")
_LEFT_OUT = ("asks", "linked", "sensitivity", "safe_contact", "accessible_information")
"""What an example shows and a story should say for itself."""
_FALL: Json = {
    "presenting_complaint": "Fall",
    "mechanism_of_injury": "Fell from a garden wall.",
    "self_harm": "no",
    "alcohol_or_substances": "neither",
    "infant_injury": {"absent": "not-applicable"},
    "vulnerability": {"assessed_by": "P. Okoro", "factors": ["none-found"], "summary": "Nothing of concern was found."},
    "concern": {"absent": "none"},
    "prior_attendances": {"absent": "none"},
    "discharge_destination": "Home",
}
"""An attendance that by itself is no concern, so that a story says what makes it one."""
_numbers = count(1)
_example = cache(example_of)


@dataclass(frozen=True)
class Said:
    """What a publisher says: one CloudEvent, whose `source` and `time` the town fills in unless they are given."""

    event: Json
    by: str | None = None

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.event["id"])

    @property
    def data(self) -> Json:
        """The event's data."""
        return dict(self.event["data"])


def event(kind: str, subjects: Sequence[Json], /, *, by: str | None = None, **said: Any) -> Said:
    """An event of this type about these subjects."""
    n = next(_numbers)
    data = deepcopy({k: v for k, v in _example(kind)["data"].items() if k not in _LEFT_OUT})
    data |= {thing: f"{thing.split('_')[0]}-{n}" for thing in _THINGS if thing in data}
    data |= {"record_id": f"{kind}/{n}", "subjects": list(subjects)}
    data |= deepcopy({k: v for k, v in said.items() if k not in _ATTRIBUTES})
    attributes = {"specversion": "1.0", "id": str(uuid5(NAMESPACE_URL, f"story/{n}")), "type": kind}
    attributes |= {k: v for k, v in said.items() if k in _ATTRIBUTES}
    return Said({**attributes, "data": {k: v for k, v in data.items() if v is not None}}, by)


def update_of(first: Said, sequence: str = "00000000000000000001", **fields: Any) -> Said:
    """The same record again, whole, with some fields changed; a later one needs a higher `sequence`."""
    return _follows(first, "update", sequence, fields)


def cancel_of(first: Said, sequence: str = "00000000000000000002") -> Said:
    """The same record taken back."""
    return _follows(first, "cancel", sequence, {})


def _follows(first: Said, action: str, sequence: str, fields: Json) -> Said:
    attributes = {k: v for k, v in first.event.items() if k != "time"}
    id = str(uuid5(NAMESPACE_URL, f"story/{next(_numbers)}"))
    data = {k: v for k, v in (first.event["data"] | fields).items() if v is not None}
    return Said({**attributes, "id": id, "eventaction": action, "sequence": sequence, "data": data}, first.by)


def _about(children: Person | Sequence[Person], role: str = "child") -> list[Json]:
    some = [children] if isinstance(children, Person) else children
    return [c.subject("unborn" if "expected" in c.doc else role) for c in some]


def household(*children: Person, answer: str | None = None) -> Json:
    """The answer about children at home: these children, or one of the three kinds of none."""
    listed = [c.listed() for c in children]
    return {"answer": answer or ("listed" if listed else "asked-none"), "children": listed}


def ed_attendance(child: Person, **said: Any) -> Said:
    """A child arrived at the emergency department."""
    plain = {k: v for k, v in _FALL.items() if k != "discharge_destination"}
    return event("ed-attendance-1", _about(child), **(plain | said))


def ed_discharged(child: Person, **said: Any) -> Said:
    """A child was discharged from the emergency department."""
    plain = _FALL | {"diagnosis": "Bruised arm", "follow_up": {"absent": "none"}}
    return event("ed-attendance-discharged-1", _about(child), **(plain | said))


def left_before_treatment(child: Person, **said: Any) -> Said:
    """A child left before being treated."""
    return event("left-before-treatment-1", _about(child), **said)


def was_not_brought(child: Person, **said: Any) -> Said:
    """A child was not brought to an appointment."""
    return event("was-not-brought-1", _about(child), **said)


def adult_ed_attendance(adult: Person, *children: Person, answer: str | None = None, **said: Any) -> Said:
    """An adult attended; `children` are those the adult lists, `answer` one of the kinds of none."""
    said.setdefault("household", household(*children, answer=answer))
    return event("adult-ed-attendance-1", [adult.subject("adult")], **said)


def infant_injury_reviewed(child: Person, of: Said, **said: Any) -> Said:
    """A senior doctor reviewed the injury of attendance `of`."""
    return event("infant-injury-reviewed-1", _about(child), **({"attendance_id": of.data["attendance_id"]} | said))


def paediatric_liaison_form(person: Person, of: Said, role: str = "child", **said: Any) -> Said:
    """The liaison nurse reviewed attendance `of`."""
    subjects = [person.subject(role)]
    return event("paediatric-liaison-form-1", subjects, **({"attendance_id": of.data["attendance_id"]} | said))


def dart_notified(children: Person | Sequence[Person], mother: Person | None = None, **said: Any) -> Said:
    """Domestic abuse was notified in the household of these children."""
    return event("dart-notified-1", _about(children) + ([mother.subject("mother")] if mother else []), **said)


def dart_outcome(of: Said, **said: Any) -> Said:
    """What the discussion of notification `of` decided, about the same people."""
    same = {"dart_ref": of.data["dart_ref"], "by": of.by}
    return event("dart-outcome-1", of.data["subjects"], **(same | said))


def pregnancy_notified(mother: Person, **said: Any) -> Said:
    """A midwife booked a pregnancy: the one the mother's unborn child in the file has, or else a new one."""
    same: Json = {"pregnancy_id": mother.said.get("pregnancy_id"), "expected_date": mother.said.get("expected_date")}
    return event("pregnancy-notified-1", [mother.subject("mother")], **({k: v for k, v in same.items() if v} | said))


def maternity_handover(mother: Person, baby: Person, **said: Any) -> Said:
    """The midwife hands over mother and baby, born or not."""
    born = "born" in baby.doc
    about: Json = {
        "stage": "postnatal" if born else "antenatal",
        "expected_or_birth_date": baby.doc["born"] if born else baby.doc["expected"],
        "pregnancy_id": baby.doc.get("pregnancy", "preg-1"),
    }
    if born:
        about["voice_of_child"] = {"missing": "pre-verbal"}
    return event("maternity-handover-1", [mother.subject("mother"), *_about(baby)], **(about | said))


def parent_registered(adult: Person, *children: Person, role: str = "adult", **said: Any) -> Said:
    """A parent registered with the substance misuse service; `children` are those the adult lists."""
    return _in_treatment("registered", adult, children, role, said)


def parent_disengaged(adult: Person, *children: Person, role: str = "adult", **said: Any) -> Said:
    """A parent stopped coming."""
    return _in_treatment("disengaged", adult, children, role, said)


def parent_discharged(adult: Person, *children: Person, role: str = "adult", **said: Any) -> Said:
    """A parent was discharged from the service."""
    return _in_treatment("discharged", adult, children, role, said)


def _in_treatment(how: str, adult: Person, children: Sequence[Person], role: str, said: Json) -> Said:
    plain: Json = {"household": household(*children), "pregnant": "no"}
    return event(f"parent-substance-service-{how}-1", [adult.subject(role)], **(plain | said))


def flag_changed(child: Person, kind: str, change: str = "raised", **said: Any) -> Said:
    """A flag was raised, changed or ended (an end has its day and its reason)."""
    end = {"ended_on": "2026-03-16", "reason": "The plan has ended."} if change == "ended" else {}
    about: Json = {"kind": kind, "change": change, "flag_id": f"flag-{kind}"}
    return event("safeguarding-flag-changed-1", _about(child), **(about | end | said))


def birth_notified(mother: Person, *babies: Person, **said: Any) -> Said:
    """A birth: each baby is named with the NHS number it was given."""
    born = [
        {"order": n, "outcome": "live", "born_at": f"{b.doc['born']}T04:00:00+00:00", "nhs_number": b.doc.get("nhs")}
        for n, b in enumerate(babies, 1)
    ]
    about = {"babies": born, "pregnancy_id": mother.said.get("pregnancy_id", "preg-1")}
    return event("birth-notified-1", [mother.subject("mother"), *_about(babies)], **(about | said))


def gp_changed(person: Person, practice: str | None, role: str = "child", **said: Any) -> Said:
    """Somebody registered with another practice, or (None) with none."""
    new = practice or {"absent": "none"}
    return event("gp-registration-changed-1", [person.subject(role)], **({"practice": new} | said))


def address_changed(person: Person, area: str | None, *household: Person, role: str = "child", **said: Any) -> Said:
    """Somebody moved to `area` (None: nobody may learn where); `household` are the others who live there."""
    members = [{"nhs_number": p.nhs, "birth_date": p.doc["born"], "relationship": "family"} for p in household]
    where: Json = {"residence": area or {"absent": "withheld"}, "restricted": area is None, "household": members}
    if area is None:
        where["home_authority"] = {"absent": "withheld"}
    subject = person.subject(role, **({} if area else {"home_authority": {"absent": "withheld"}}))
    return event("address-changed-1", [subject], **(where | said))


def school_changed(child: Person, school: str | None, education: str | None = None, **said: Any) -> Said:
    """A child changed school, or has none and is home-educated unless `education` says otherwise."""
    how = education or ("school" if school else "home-educated")
    new = {"school": school or {"absent": "not-applicable"}, "education": how}
    return event("school-changed-1", _about(child), **(new | said))


def caseload_changed(person: Person, service: str, team: str, role: str = "child", **said: Any) -> Said:
    """A team took somebody on its caseload, or (`ended=True`) let them go."""
    return event("caseload-changed-1", [person.subject(role)], **({"service": service, "team": team} | said))


def number_superseded(person: Person, new: str, role: str = "child", **said: Any) -> Said:
    """Somebody was given another NHS number."""
    numbers = {"old": person.nhs, "new": new}
    return event("nhs-number-superseded-1", [person.subject(role, nhs_number=new)], **(numbers | said))
