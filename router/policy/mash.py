"""When the MASH health nurse is told, whatever the subject: named conditions, and what they rest on."""

from contracts.parts.services import Service
from router.policy.conditions import injured, on_a_plan_or_looked_after, self_harm, under_18
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN_BY_MASH
from router.policy.words import AskOf, Condition, Expect, Fields, Gap, Tell, expect, tell

PLAN_AND_INJURY = Gap(
    "F05",
    "1.18",
    "R3.1",
    "a child on a plan or looked after is hurt, and nobody outside the hospital knows",
    local=True,
)
SELF_HARM = Gap("F06", "1.19", "R3.2", "a young person in crisis is not considered beyond the injury", local=True)
HEALTH_VIEW = AskOf(
    "Bring what health knows of this child together, with the risk to the child, for the MASH decision."
)


def tell_mash(because: Gap, gets: Fields, *conditions: Condition, **more: frozenset[str]) -> Tell:
    """A row that tells the MASH health nurse, and asks for health's view of the risk (3.1)."""
    return tell(Service.MASH, *conditions, because=because, gets=gets, ask=HEALTH_VIEW, **more)  # type: ignore[arg-type]


def of_an_attendance(gets: Fields) -> tuple[Tell, ...]:
    """The rules for a child who was at the emergency department."""
    return (
        tell_mash(PLAN_AND_INJURY, gets, on_a_plan_or_looked_after, injured),
        tell_mash(SELF_HARM, gets, under_18, self_harm),
    )


def mash_answers(because: Gap) -> Expect:
    """A person at MASH says that it was seen."""
    return expect(Service.MASH, to="acknowledge", within=SEEN_BY_MASH, else_tell=LEAD_THEN_NAMED_NURSE, because=because)
