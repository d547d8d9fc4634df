"""Why a rule exists, and when it holds: the gap in the review that it closes, and named conditions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a row exists: the flow, the review's paragraph and recommendation, and the gap in words."""

    flow: str
    paragraph: str
    recommendation: str
    words: str
    local: bool = False
    """True for a local decision that no paragraph fixes; `paragraph` is then the nearest."""

    @property
    def cited(self) -> str:
        """The paragraph as a summary, a clock and the rule book cite it."""
        return "local decision" if self.local else self.paragraph


Test = Callable[[Any, Any, Any], bool]
"""(event, child, facts) → whether it holds; pure, and reads no clock."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A named test that reads after 'when'."""

    words: str
    test: Test
    name: str

    def __call__(self, event: Any, child: Any, facts: Any) -> bool:
        """Whether it holds."""
        return self.test(event, child, facts)


def condition(words: str) -> Callable[[Test], Condition]:
    """Name a test in words that a safeguarding lead reads."""
    return lambda test: Condition(words, test, test.__name__)
