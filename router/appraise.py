"""What the author left out, and the feedback that goes back: never a refusal (F06, F08, F12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.parts.event import told
from contracts.parts.shape import Absent
from router.events import Event
from router.facts import Child, Facts
from router.policy.words import Policy, Want


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How much of what is wanted is there, and what is missing."""

    wanted: int
    present: int
    missing: tuple[Want, ...]

    @property
    def feedback(self) -> list[dict[str, str]]:
        """The missing marks as a publisher and a liaison nurse read them."""
        return [
            {"field": w.field, "words": w.words, "paragraph": w.because.cited, "flow": w.because.flow}
            for w in self.missing
        ]


COMPLETE = Appraisal(0, 0, ())


def appraise(event: Event, children: Sequence[Child], policy: Policy, facts: Facts) -> Appraisal:
    """Mark the event against what its policy wants; a coded absence counts as missing."""
    if not policy.wants:
        return COMPLETE
    asked, missing = 0, []
    for want in policy.wants:
        if want.conditions and not _applies(want, event, children, facts):
            continue
        asked += 1
        if _is_missing(want, told(event.data, want.field)):
            missing.append(want)
    return Appraisal(asked, asked - len(missing), tuple(missing))


def _applies(want: Want, event: Event, children: Sequence[Child], facts: Facts) -> bool:
    for child in children:  # no `any` and `all`: they would make two generators for each mark
        for condition in want.conditions:
            if not condition.test(event, child, facts):
                break
        else:
            return True
    return False


def _is_missing(want: Want, value: Any) -> bool:
    if want.complaint is not None:
        return bool(want.complaint(value))
    if value is None:
        return True
    return isinstance(value, Absent) and value.absent not in ("not-applicable", "none")
