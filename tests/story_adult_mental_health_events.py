"""Events of stories from adult mental health: a parent in hospital, a young person on an adult ward."""

from itertools import count
from typing import Any

from tests.story_events import Said, event, household
from tests.story_people import Person

_spells = count(1)


def parent_admitted(adult: Person, *children: Person, role: str = "adult", **said: Any) -> Said:
    """A parent was admitted to psychiatric care; `children` are those the adult lists."""
    plain = {"household": household(*children), "pregnant": "no", "spell_id": f"spell-{next(_spells)}"}
    return event("parent-admitted-1", [adult.subject(role)], **(plain | said))


def parent_left_hospital(of: Said, **said: Any) -> Said:
    """The parent of admission `of` was discharged, with the same children listed."""
    same = {name: of.data[name] for name in ("spell_id", "household", "pregnant")}
    return event("parent-discharged-1", of.data["subjects"], **(same | said))


def on_adult_ward(child: Person, change: str = "admitted", **said: Any) -> Said:
    """A young person is on an adult psychiatric ward, or leaves it."""
    plain = {"change": change, "spell_id": f"spell-{next(_spells)}"}
    return event("child-on-adult-ward-1", [child.subject()], **(plain | said))
