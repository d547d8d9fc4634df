"""Hand-on: when any part of a child's place changes, the new team is asked to accept, and until then the old one stays.

What is still owed runs on with the team before; once the new team has accepted it passes to the new team's ladder."""

from contracts.parts.services import Service
from router.policy.conditions import aged_5_to_19, unborn_or_under_5
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.shares import Fields
from router.policy.words import AskOf, Condition, Expect, Gap, Side, Tell, everything, expect, only, tell

HANDED = Gap("A", "1.6", "", "a child who moves is nobody's between the team of old and the new one", local=True)
ACCEPT = AskOf(
    "Accept the child. What the team before still owes is yours from then on, with the dates it has: acknowledge this "
    "to accept; file or act on it when what is owed is done. Read the child's chronology, or ask that team.",
    SEEN,
)
KEEP = AskOf("The child stays yours, with all that is owed, until another team has accepted. Tell it what you know.")
TAKES_OVER: Side = "the place that takes the child over"
HANDS_ON: Side = "the place that hands the child on"
_OF: dict[Service, tuple[Condition, ...]] = {
    Service.HV: (unborn_or_under_5,),
    Service.SN: (aged_5_to_19,),
    Service.GP: (),
}


WHOLE = everything("flags", "services", "earlier")
SINCE = only("since")


def hands_on(*services: Service, takes: Fields = WHOLE, keeps: Fields = SINCE) -> tuple[Tell, ...]:
    """For each service: the team that takes the child over is asked to accept, and the one before is told."""
    rows = []
    for service in services:
        when = _OF[service]
        rows.append(tell(service, *when, because=HANDED, gets=takes, ask=ACCEPT, side=TAKES_OVER))
        rows.append(tell(service, *when, because=HANDED, gets=keeps, ask=KEEP, side=HANDS_ON))
    return tuple(rows)


def accepted_by(*services: Service) -> tuple[Expect, ...]:
    """For each service: it acknowledges, or its lead and then the named nurse hear."""
    return tuple(
        expect(service, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=HANDED)
        for service in services
    )
