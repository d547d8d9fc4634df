"""A morning while it is put together: who was chosen for something already, and what was said when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.borough import find
from deploy.borough.find import Kind
from deploy.borough.made import Borough
from deploy.borough.published import Published


class Stage:
    """Chooses people, each family once, and publishes about them."""

    def __init__(self, borough: Borough, seed: int, start: datetime) -> None:
        self.borough, self.start, self.rng = borough, start, Random(seed)
        self.chosen: set[int] = set()
        self.said: list[tuple[timedelta, Published]] = []

    def child(self, *kinds: Kind) -> str:
        """A child of these kinds, of a family that nothing else happens to this morning."""
        return find.choose(self.borough, self.rng, self.borough.children, *kinds, but=self.chosen)

    def adult(self, *kinds: Kind) -> str:
        """An adult of these kinds with children."""
        b = self.borough
        parents = [pid for pid, doc in b.people.items() if b.age(doc) >= 18 and find.children_of(b, pid)]
        return find.choose(b, self.rng, parents, *kinds, but=self.chosen)

    def woman(self, *kinds: Kind) -> str:
        """A mother of these kinds who expects no child yet, as far as the directory knows."""
        b = self.borough
        mothers = {doc["mother"] for doc in b.people.values() if "mother" in doc and "born" in doc}
        mothers -= {b.people[u]["mother"] for u in b.unborn}
        return find.choose(b, self.rng, sorted(mothers), *kinds, but=self.chosen)

    def unborn(self, *kinds: Kind, weeks: tuple[int, int] = (-3, 40)) -> str:
        """An unborn child whose mother is of these kinds, expected in so many weeks."""
        b = self.borough
        first, last = ((b.today + timedelta(weeks=n)).isoformat() for n in weeks)
        carried = {b.people[u]["mother"]: u for u in b.unborn if first <= b.people[u]["expected"] <= last}
        return carried[find.choose(b, self.rng, carried, *kinds, but=self.chosen)]

    def mother(self, *kinds: Kind) -> str:
        """The mother of a child of these kinds."""
        return self.borough.people[self.child(lambda _, doc: "mother" in doc, *kinds)]["mother"]

    def say(self, minute: float, what: Callable[..., Published], person: str, **fields: Any) -> Published:
        """Publish what happened to this person so many minutes after the start."""
        return self.put(minute, what(self.borough, person, self.at(minute), self.rng, **fields))

    def put(self, minute: float, one: Published) -> Published:
        """Publish this record."""
        self.said.append((timedelta(minutes=minute), one))
        return one

    def at(self, minute: float) -> datetime:
        """So many minutes after the start."""
        return self.start + timedelta(minutes=minute)
