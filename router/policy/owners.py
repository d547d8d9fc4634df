"""Who is told when a clock runs out, and the ladder that it climbs."""

from dataclasses import dataclass
from typing import Literal

from contracts.parts.services import Service
from router.policy.working_time import Term


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is told when a clock runs out, as a place in the directory that is looked up when it fires."""

    kind: Literal["lead", "service", "publisher", "desk", "sender"]
    """lead: of the team that did not answer; service: in the trust of who did not answer, or the publisher's;
    publisher: the publishing team; sender: the service in the publisher's trust, whoever did not answer."""
    service: Service | None = None

    @property
    def words(self) -> str:
        """The owner as the rule book prints it."""
        if self.kind == "lead":
            return "the team's lead"
        if self.kind == "publisher":
            return "the publishing team"
        if self.kind == "desk" or self.service is None:
            return "the Sharewell desk"
        if self.kind == "sender":
            return f"the {self.service.words} of the sender's trust"
        return f"the {self.service.words}"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: who is told, and how long they have before the next."""

    owner: Owner
    within: Term


TEAM_LEAD = Owner("lead")
PUBLISHER = Owner("publisher")
DESK = Owner("desk", Service.DESK)


def owner(service: Service) -> Owner:
    """The team of this service in the publisher's trust or the child's area."""
    return Owner("service", service)


def of_the_sender(service: Service) -> Owner:
    """The team of this service in the publisher's own trust, whoever has not answered."""
    return Owner("sender", service)
