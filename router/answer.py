"""What goes back to the publisher of one event: the child's live flags where it asked, and what was missing."""

from collections.abc import Sequence

from router.events import Event
from router.facts import Child, Facts
from router.live_flags import flags_told
from router.moments import day_of
from router.plan import Plan
from router.policy.words import Policy


def answer(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
    """What goes back to the publisher: the child's live flags where it asked by publishing, and what was missing."""
    if policy.answers_live_flags:
        for child in children:
            if child.slot is None or not all(c.test(event, child, facts) for c in policy.answers_when):
                continue
            plan.answers.append(
                {
                    "kind": "live-flags",
                    "event_id": event.id,
                    "record_id": event.data.record_id,
                    "about": _path_of(child.slot),
                    "flags": flags_told(child.doc, facts.cover, day_of(facts.now)),
                }
            )
    if plan.appraisal.missing:
        plan.answers.append(
            {
                "kind": "quality",
                "event_id": event.id,
                "record_id": event.data.record_id,
                "quality": {"wanted": plan.appraisal.wanted, "present": plan.appraisal.present},
                "problems": [
                    {
                        "code": "not-recorded",
                        "path": f"data.{f['field']}",
                        "message": f"There is no {f['words']}.",
                        "mend": f"{want.mend or 'Record it and send an update'}; it is wanted for {f['flow']} "
                        f"({f['paragraph']}).",
                    }
                    for f, want in zip(plan.appraisal.feedback, plan.appraisal.missing, strict=True)
                ],
            }
        )


def _path_of(slot: str) -> str:
    """Where the publisher wrote of this child: an adult may have listed several, and only one has the flags."""
    where, _, at = slot.partition(".")
    listed = {"subjects": f"data.subjects[{at}]", "household": f"data.household.children[{at}]"}
    return listed.get(where, f"data.{where}")
