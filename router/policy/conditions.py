"""Conditions that apply to any event."""

from typing import Any

from contracts.parts.people import Role
from router.facts import Child, Facts
from router.policy.words import condition

MONTH = 30


@condition("the child is under 5")
def under_5(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= child.age < 5


@condition("the child is 5 to 19")
def aged_5_to_19(event: Any, child: Child, facts: Facts) -> bool:
    return 5 <= child.age <= 19


@condition("the child is under 18")
def under_18(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= child.age < 18


@condition("the child is under one, or not yet born")
def under_1_or_unborn(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn or child.age == 0


@condition("the child is not yet born")
def unborn(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn


@condition("the child is born")
def born(event: Any, child: Child, facts: Facts) -> bool:
    return not child.unborn


@condition("the child is not yet born, or under 5")
def unborn_or_under_5(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn or 0 <= child.age < 5


def flagged(child: Child, facts: Facts, *kinds: str) -> bool:
    """Whether one of these flags is live on the child today."""
    return any(f["kind"] in kinds for f in child.live_flags(facts.now.date()))


@condition("the child is subject to a child protection plan")
def on_a_plan(event: Any, child: Child, facts: Facts) -> bool:
    return flagged(child, facts, "child-protection-plan", "unborn-plan")


@condition("the child is looked after")
def looked_after(event: Any, child: Child, facts: Facts) -> bool:
    return flagged(child, facts, "looked-after")


@condition("the child is on a protection plan or looked after")
def on_a_plan_or_looked_after(event: Any, child: Child, facts: Facts) -> bool:
    return flagged(child, facts, "child-protection-plan", "unborn-plan", "looked-after")


@condition("the mother is a teenager")
def teenage_mother(event: Any, child: Child, facts: Facts) -> bool:
    return _mothers_age(event, child, 20)


def _mothers_age(event: Any, child: Child, under: int) -> bool:
    born_on = (child.mother or {}).get("born")
    if born_on is None:
        named = next((s for s in event.data.subjects if s.role is Role.MOTHER), None)
        born_on = named.birth_date.isoformat() if named is not None and hasattr(named.birth_date, "isoformat") else None
    if born_on is None:
        return False
    on = event.time.date().isoformat()
    years = int(on[:4]) - int(born_on[:4]) - (on[5:10] < born_on[5:10])
    return years < under
