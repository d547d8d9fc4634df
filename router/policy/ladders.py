"""How long somebody has and who is told next: the terms that several subjects share; an organisation's own are data.

None of these durations is in the review: defaults of ours, from flows.md and standards.md, part 5."""

from contracts.parts.services import Service
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung, owner
from router.policy.working_time import hours, working_days, working_hours

LEAD_THEN_NAMED_NURSE = (Rung(TEAM_LEAD, working_days(1)), Rung(owner(Service.NN), working_days(1)))
"""The team's lead, and a working day later the named nurse of its trust."""
NAMED_NURSE = (Rung(owner(Service.NN), working_days(1)),)
LIAISON_THEN_NAMED_NURSE = (Rung(owner(Service.PLN), working_days(1)), Rung(owner(Service.NN), working_days(1)))
"""The paediatric liaison nurse of the hospital, and a working day later its named nurse."""
LIAISON_NOW_THEN_NAMED_NURSE = (Rung(owner(Service.PLN), hours(1)), Rung(owner(Service.NN), hours(1)))
"""The same within the shift."""
DART_THEN_NAMED_NURSE = (Rung(owner(Service.DART), working_days(1)), Rung(owner(Service.NN), working_days(1)))
PUBLISHER_THEN_NAMED_NURSE = (Rung(PUBLISHER, working_days(1)), Rung(owner(Service.NN), working_days(1)))
"""The team that published it, and a working day later the named nurse of its trust."""

SEEN = working_days(2)
"""To acknowledge what a team is sent."""
SEEN_BY_MASH = working_days(1)
FILED = working_days(5)
FOLLOWED_UP = working_days(5)
REVIEWED = working_days(1)
THAT_DAY = working_hours(8)
"""From nine in the morning of a day that was set: until five in the afternoon, or of the next working day."""
