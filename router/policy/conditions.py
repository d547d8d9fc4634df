"""Conditions that apply to any event, in words that read after 'when'."""

from datetime import date
from typing import Any

from contracts.parts.attendance import InfantInjury
from contracts.parts.people import Role
from router.directory import in_care
from router.facts import Child, Facts, years_old
from router.moments import day_of
from router.policy.words import condition

YEAR = 365


@condition("the child is under 5")
def under_5(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= child.age < 5


@condition("the child is not yet born, or under 5")
def unborn_or_under_5(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn or 0 <= child.age < 5


@condition("the child is 5 to 19")
def aged_5_to_19(event: Any, child: Child, facts: Facts) -> bool:
    return 5 <= child.age <= 19


@condition("the child is under 18")
def under_18(event: Any, child: Child, facts: Facts) -> bool:
    return child.age < 18 and not child.unborn  # the age may not be known: a child all the same


@condition("the child is 11 or over")
def aged_11_or_over(event: Any, child: Child, facts: Facts) -> bool:
    return child.age >= 11


@condition("the child is not yet born")
def unborn(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn


@condition("the child is not yet born, or was born in the last 28 days")
def unborn_or_newborn(event: Any, child: Child, facts: Facts) -> bool:
    """Midwives visit until about the 28th day; whose birth date is not known is no newborn."""
    born = child.doc.get("born")
    return child.unborn or (born is not None and (day_of(event.time) - date.fromisoformat(born)).days <= 28)


@condition("the child is 5 to 15")
def aged_5_to_15(event: Any, child: Child, facts: Facts) -> bool:
    return 5 <= child.age <= 15


OF_AGE = frozenset({under_5, unborn_or_under_5, aged_5_to_19, aged_5_to_15})
"""Those that say which of two services works with a child; of one whose birth date is not known, nobody can tell."""


@condition("the child is under one, or on a protection plan")
def under_1_or_on_a_plan(event: Any, child: Child, facts: Facts) -> bool:
    return child.age == 0 or flagged(child, facts, "child-protection-plan", "unborn-plan")


def flagged(child: Child, facts: Facts, *kinds: str) -> bool:
    """Whether one of these flags is live on the child today."""
    return "flags" in child.doc and any(f["kind"] in kinds for f in child.live_flags(day_of(facts.now)))


def looked_after(child: Child, facts: Facts) -> bool:
    """Whether the child is looked after, by a flag or by a placement: social care may have told only one of them."""
    return flagged(child, facts, "looked-after") or in_care(child.doc, day_of(facts.now).isoformat())


@condition("the child is on a protection plan")
def on_a_plan(event: Any, child: Child, facts: Facts) -> bool:
    return flagged(child, facts, "child-protection-plan", "unborn-plan")


@condition("the child is on a protection plan or looked after")
def on_a_plan_or_looked_after(event: Any, child: Child, facts: Facts) -> bool:
    return flagged(child, facts, "child-protection-plan", "unborn-plan") or looked_after(child, facts)


@condition("the child is looked after, and 16 or over")
def looked_after_16_or_over(event: Any, child: Child, facts: Facts) -> bool:
    return child.age >= 16 and looked_after(child, facts)


@condition("alcohol or substances were involved")
def alcohol_or_substances(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.alcohol_or_substances in ("alcohol", "substances", "both")


@condition("the child harmed themselves")
def self_harm(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.self_harm == "yes")


@condition("the child came with an injury")
def injured(event: Any, child: Child, facts: Facts) -> bool:
    told = isinstance(event.data.mechanism_of_injury, str)
    return told or isinstance(getattr(event.data, "infant_injury", None), InfantInjury)


@condition("the mother is under 20")
def teenage_mother(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= mothers_age(event, child) < 20


@condition("the mother is under 18")
def mother_under_18(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= mothers_age(event, child) < 18


@condition("the mother is under 20 and this is her first child")
def first_time_mother_under_20(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= mothers_age(event, child) < 20 and bool(event.data.first_time_mother == "yes")


@condition("the mother is under 20 and the family nurse partnership is not open to her")
def teenage_mother_without_fnp(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= mothers_age(event, child) < 20 and bool(event.data.first_time_mother != "yes")


def mothers_age(event: Any, child: Child) -> int:
    """Whole years of the mother at the time of the event, by the file or by the event itself; -1 where not known."""
    on = day_of(event.time)
    if child.mother is not None and "born" in child.mother:
        return years_old(child.mother, on)
    for subject in event.data.subjects:
        if subject.role is Role.MOTHER and hasattr(subject.birth_date, "isoformat"):
            return years_old({"born": subject.birth_date.isoformat()}, on)
    return -1
