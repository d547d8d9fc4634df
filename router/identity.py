"""Who an event says it is about, and how surely: a record is joined on a verified number and a birth date only."""

from datetime import date
from typing import Literal, NamedTuple

from contracts.directory import AddressChanged, Baby, BirthNotified, NhsNumberSuperseded
from contracts.maternity import PregnancyNotified
from contracts.parts.event import EventData, told
from contracts.parts.people import HouseholdAnswer, HouseholdChild, NhsNumberStatus, Role, Subject, is_placeholder
from router.events import Event
from router.moments import day_of

Doubt = Literal[
    "no-number",
    "placeholder-number",
    "number-not-verified",
    "no-birth-date",
    "birth-date-differs",
    "no-mother",
    "which-pregnancy",
    "which-baby",
    "a-persons-decision",
    "number-of-two",
]
"""Why nobody may be joined: each makes a task for a person, never a guess."""

DOUBTS: dict[str, str] = {
    "no-number": "no NHS number was given",
    "placeholder-number": "the NHS number is a placeholder",
    "number-not-verified": "the NHS number has not been verified",
    "no-birth-date": "no birth date was given with the NHS number",
    "birth-date-differs": "the NHS number is on record with another birth date",
    "no-mother": "the mother of the unborn child is not known",
    "which-pregnancy": "the mother has more than one pregnancy on record, and none is named",
    "which-baby": "a baby of this mother is on record already, and may be the same",
    "a-persons-decision": "one NHS number replaced another, and no rule lets a machine join the two records",
    "number-of-two": "one NHS number was given for two children of different names",
}


JOINED_BY_RULE = ("duplicate-merged", "corrected")
"""Why a number was superseded, where the rule itself lets two records be joined."""

SLIP_DAYS = 2
"""So far the day of a birth may be from the baby's birth date, by an offset or a late night: more is no slip."""


class Named(NamedTuple):
    """One person an event names, and what may be used to find the record."""

    slot: str
    """Where in the event: `subjects.0`, `household.1`, `living.2`, `babies.1`, `pregnancy`, `old`."""
    role: Role
    nhs: str | None
    """Only a number that may be joined on."""
    born: str | None
    doubt: Doubt | None
    pregnancy: str | None = None
    expected: str | None = None
    baby: int | None = None
    """Which baby of a birth: 0 is the first who lives, or the first of all where none does."""
    only_known: bool = False
    """Looked up, and never made anew."""
    order: int = 0
    """For a baby: as which it came, by which a correction means the same one where no number says it."""


def named_in(event: Event) -> tuple[Named, ...]:
    """Everybody an accepted event names; worked out once."""
    if event.named is None:
        event.named = people_named(event.data)
    named: tuple[Named, ...] = event.named
    return named


def people_named(data: EventData) -> tuple[Named, ...]:
    """Everybody the event names, in order: its subjects, then whom it names in fields of its own."""
    if isinstance(data, BirthNotified):
        return _birth(data)
    named = [_subject(i, s, data) for i, s in enumerate(data.subjects)]
    household = told(data, "household")
    if isinstance(household, HouseholdAnswer):
        named += [_listed(i, c) for i, c in enumerate(household.children)]
    if isinstance(data, AddressChanged):
        named += [
            Named(f"living.{i}", Role.ADULT, m.nhs_number, m.birth_date.isoformat(), None)
            for i, m in enumerate(data.household)
        ]
    elif isinstance(data, NhsNumberSuperseded):
        bearer, by_rule = named[0], data.reason in JOINED_BY_RULE
        old = Named("old", bearer.role, data.old, bearer.born, None, only_known=True)
        named.append(old if by_rule else old._replace(nhs=None, doubt="a-persons-decision"))
    if _is_expecting(data) and not any(n.role is Role.UNBORN for n in named):
        expected = told(data, "expected_date")
        named.append(
            Named(
                "pregnancy",
                Role.UNBORN,
                None,
                None,
                None,
                told(data, "pregnancy_id"),
                expected.isoformat() if expected else None,
            )
        )
    return tuple(named)


def _is_expecting(data: EventData) -> bool:
    """Whether the event tells of a pregnancy: its child is concerned though nobody could name it (rule C)."""
    return isinstance(data, PregnancyNotified) or told(data, "pregnant") == "yes"


def babies_named(data: BirthNotified) -> tuple[tuple[str, Baby, int], ...]:
    """Each baby of a birth with its slot: its subject, or for one without (`babies.1`) its place in the list.

    The number tells twins apart and is the same whoever writes of the birth: the first living baby is 0."""
    slots: dict[int, str] = {}
    free = [i for i, s in enumerate(data.subjects) if s.role is Role.CHILD]
    for at, baby in enumerate(data.babies):
        own = next((i for i in free if data.subjects[i].nhs_number == baby.nhs_number is not None), None)
        if own is not None:
            slots[at] = f"subjects.{own}"
            free.remove(own)
    for at, baby in enumerate(data.babies):
        if at not in slots and baby.outcome == "live" and free:
            slots[at] = f"subjects.{free.pop(0)}"
    by_order = sorted(range(len(data.babies)), key=lambda at: data.babies[at].order)
    first = next((at for at in by_order if data.babies[at].outcome == "live"), by_order[0])
    rest = [at for at in by_order if at != first]
    return tuple(
        (slots.get(at, f"babies.{at}"), data.babies[at], 0 if at == first else 1 + rest.index(at)) for at in by_order
    )


def _birth(data: BirthNotified) -> tuple[Named, ...]:
    """The babies are known by their mother's pregnancy, with a number or without."""
    babies = {slot: (baby, which) for slot, baby, which in babies_named(data)}
    named: list[Named] = []
    for one in [_subject(i, s, data) for i, s in enumerate(data.subjects)]:
        if one.slot in babies:
            baby, which = babies.pop(one.slot)
            day = day_of(baby.born_at)
            far = one.born is not None and abs((date.fromisoformat(one.born) - day).days) > SLIP_DAYS
            born = day.isoformat() if one.born is None or far else one.born  # far off, its number is somebody else's
            one = one._replace(doubt=None, born=born, baby=which, order=baby.order, pregnancy=data.pregnancy_id)
        named.append(one)
    for slot, (baby, which) in babies.items():
        born = day_of(baby.born_at).isoformat()
        named.append(Named(slot, Role.CHILD, None, born, None, data.pregnancy_id, baby=which, order=baby.order))
    return tuple(named)


def _subject(index: int, subject: Subject, data: EventData) -> Named:
    nhs, born, doubt = _joinable(subject)
    expected, pregnancy = subject.expected_date, subject.pregnancy_id
    if subject.role is Role.UNBORN:
        doubt = None
        pregnancy = pregnancy or told(data, "pregnancy_id")
        expected = expected or told(data, "expected_date")
    slot = f"subjects.{index}"
    return Named(slot, subject.role, nhs, born, doubt, pregnancy, expected.isoformat() if expected else None)


def _listed(index: int, child: HouseholdChild) -> Named:
    nhs, born, doubt = _joinable(child)
    return Named(f"household.{index}", Role.CHILD, nhs, born, doubt)


def _joinable(person: Subject | HouseholdChild) -> tuple[str | None, str | None, Doubt | None]:
    born = person.birth_date.isoformat() if isinstance(person.birth_date, date) else None
    if person.nhs_number is None:
        return None, born, "no-number"
    if is_placeholder(person.nhs_number):
        return None, born, "placeholder-number"
    if person.nhs_number_status is not NhsNumberStatus.VERIFIED:
        return None, born, "number-not-verified"
    if born is None:
        return None, None, "no-birth-date"
    return person.nhs_number, born, None
