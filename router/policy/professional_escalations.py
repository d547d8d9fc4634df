"""Disagreement between professionals: the other party and the named nurse are told, and it climbs until answered."""

from typing import Any

from contracts.parts.services import Service
from contracts.professional_escalations import Parties, ProfessionalEscalationAnswered, ProfessionalEscalationRaised
from router.facts import Child, Facts
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung, of_the_sender
from router.policy.telling import expect_back, tell_back
from router.policy.voice import VOICE
from router.policy.words import AskOf, Condition, Expect, Gap, Policy, Tell, everything, expect, only, tell, want
from router.policy.working_time import working_days

F17 = Gap("F17", "5.1.14", "", "escalations to social care are not answered, and nobody goes on with them")
TRACKED = Gap("F17", "5.2.10", "R3.13", "nobody tracks disputes about referrals until they are resolved")
READ = Gap("F17", "5.1.14", "", "nobody knows whether whoever escalated saw the answer", local=True)

ANSWERED = working_days(2)
"""To answer an escalation: no figure is published; a default of ours, as all local policy sets its own."""
UNTIL_ANSWERED = (
    Rung(TEAM_LEAD, working_days(1)),
    Rung(PUBLISHER, working_days(1)),
    Rung(of_the_sender(Service.NN), working_days(1)),
)
ANSWER = AskOf("Answer this escalation: what you decide, why, and who says so.", ANSWERED)
STAND_BY = AskOf("Stand by whoever raised this until it is answered, and see that the child is safe meanwhile.")
GO_ON = AskOf(
    "Put the answer with the escalation. If it does not resolve the matter, escalate to the next stage.", SEEN
)
WHOLE = everything("flags", "linked")
REPLY = only(
    "escalation_id", "answered_on", "answered_by", "answer", "reasons", "actions", adds=("linked",)
)  # fmt: skip


def _raised_with(party: Service) -> Condition:
    def test(event: Any, child: Child, facts: Facts) -> bool:
        return bool(event.data.raised_with is party)

    return Condition(f"it was raised with {party.words}", test, f"raised_with_{party.value.lower()}")


def _told(party: Service) -> Tell:
    return tell(party, _raised_with(party), because=F17, gets=WHOLE, ask=ANSWER)


def _awaited(party: Service) -> Expect:
    return expect(
        party, to="happen", within=ANSWERED, else_tell=UNTIL_ANSWERED, because=F17,
        met_by=(ProfessionalEscalationAnswered,), name=f"the escalation raised with {party.words} is answered",
    )  # fmt: skip


RAISED = Policy(
    event=ProfessionalEscalationRaised,
    concerning="children named",
    thing="escalation_id",
    shares=(
        *map(_told, sorted(Parties)),
        tell(Service.NN, because=TRACKED, gets=WHOLE, ask=STAND_BY),
    ),
    expectations=tuple(map(_awaited, sorted(Parties))),
    wants=(VOICE, want("risk_meanwhile", because=F17, words="word on the risk to the child while this is open")),
)

REPLIED = Policy(
    event=ProfessionalEscalationAnswered,
    concerning="children named",
    follows=ProfessionalEscalationRaised,
    thing="escalation_id",
    shares=(
        tell_back(ProfessionalEscalationRaised, because=F17, gets=REPLY, ask=GO_ON),
        tell_back(ProfessionalEscalationRaised, service=Service.NN, because=TRACKED, gets=REPLY),
    ),
    expectations=(
        expect_back(
            to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ,
            name="whoever escalated acknowledges the answer",
        ),
    ),
    wants=(VOICE,),
)  # fmt: skip
