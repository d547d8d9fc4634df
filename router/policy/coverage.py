"""What the review asks for against the rules that answer it: counted from the rule book, so that it grows by itself."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from router.policy.book import Book
from router.policy.review import FLOWS, READ_OFF, RECOMMENDATIONS
from router.policy.words import Gap, Tell


@dataclass(frozen=True, slots=True)
class Closing:
    """The rules of one event that cite a flow or a recommendation."""

    event: str
    told: tuple[str, ...]
    """The services that its rows tell."""
    clocks: int
    marks: int

    @property
    def words(self) -> str:
        """In a line of a table."""
        parts = [f"tells {', '.join(self.told)}"] if self.told else []
        counts = ((self.clocks, "clock"), (self.marks, "mark"))
        parts += [f"{n} {one if n == 1 else one + 's'}" for n, one in counts if n]
        return f"{self.event}: {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Covered:
    """One flow or recommendation, and what there is for it."""

    name: str
    asked: str
    closing: tuple[Closing, ...]
    by_flows: tuple[str, ...] = ()
    """For a recommendation: the flows that answer it and have rules."""
    beyond: str = ""
    """What routing cannot do about it."""

    lacking: tuple[str, ...] = ()
    """For a recommendation: the flows that should answer it and that no rule cites."""

    @property
    def open(self) -> bool:
        """Whether nothing here answers it, though routing could."""
        return not self.closing and not self.by_flows and (bool(self.lacking) or not self.beyond)


def coverage(book: Book, commands: Collection[str] = ()) -> tuple[list[Covered], list[Covered]]:
    """Every flow, then every recommendation of the review; `commands` are those that read something off the ledger."""
    flows = []
    for name, one in FLOWS.items():
        closing = tuple(_closing(book, partial(_of_flow, name), filed=name == "F31"))
        command, words = READ_OFF.get(name, ("", ""))
        said = f"{words} (sharewell {command})" if command in commands and not closing else ""
        flows.append(Covered(name, one.words, closing, (), said))
    for name, words in sorted(_of_ones_own(book).items()):
        flows.append(Covered(name, f"{words} (a flow of one's own)", tuple(_closing(book, partial(_of_flow, name)))))
    served = {one.name for one in flows if not one.open}
    recommendations = []
    for name, asked in RECOMMENDATIONS.items():
        closing = tuple(_closing(book, partial(_citing, name)))
        by_flows = tuple(flow for flow in asked.flows if flow in served)
        lacking = tuple(flow for flow in asked.flows if flow not in served)
        recommendations.append(Covered(name, asked.words, closing, by_flows, asked.beyond, lacking))
    return flows, recommendations


def cited(gap: Gap) -> tuple[str, ...]:
    """The recommendations that a gap cites."""
    return tuple(one for one in gap.recommendation.split(", ") if one)


def _of_ones_own(book: Book) -> dict[str, str]:
    """Flows that rules cite and the review does not have, with their first words."""
    gaps = [row.because for policy in book.policies.values() for row in policy.shares]
    own = [gap for gap in gaps if gap.flow not in FLOWS and gap.flow.startswith("F") and len(gap.flow) > 1]
    return {gap.flow: gap.words for gap in reversed(own)}


def _of_flow(name: str, gap: Gap) -> bool:
    return gap.flow == name


def _citing(name: str, gap: Gap) -> bool:
    return name in cited(gap)


def _who(row: Tell) -> str:
    return row.service.value if row.service else f"the {row.who}" if row.sent else row.who


def _closing(book: Book, cites: Callable[[Gap], bool], *, filed: bool = False) -> Iterator[Closing]:
    """What each event has for it; `filed` counts the clocks that wait for filing in the record as well (F31)."""
    for kind, policy in sorted(book.policies.items()):
        rows = [row for row in policy.shares if cites(row.because) and not row.withheld]
        told = tuple(dict.fromkeys(_who(row) for row in rows))
        clocks = sum(cites(c.because) or (filed and c.to == "file") for c in policy.expectations)
        marks = sum(cites(want.because) for want in policy.wants)
        if told or clocks or marks:
            yield Closing(kind, told, clocks, marks)
