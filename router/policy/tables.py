"""Terms that depend on what an event says: a rating and how long it gives; an organisation may keep its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.policy.working_time import Term


@dataclass(frozen=True, slots=True)
class Table:
    """How long each value of a field gives. What the table does not know has the first term: keep it the shortest."""

    field: str
    terms: tuple[tuple[str, Term], ...]

    def with_row(self, value: str, term: Term) -> "Table":
        """The table with another term for this value."""
        return Table(self.field, tuple((v, term if v == value else t) for v, t in self.terms))

    @property
    def words(self) -> str:
        """The table as a person says it."""
        said = [f"{term.words} when it is {value}" for value, term in self.terms]
        return f"by {self.field.replace('_', ' ')}: {', '.join(said)}, or what the asking organisation has set"


def by_field(field: str, terms: Mapping[str, Term]) -> Table:
    """A term for each value of the event's `field`, the shortest first; the publisher may have set its own."""
    return Table(field, tuple(terms.items()))
