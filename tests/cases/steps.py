"""What the stories of the cases share: a home, and who heard when a clock ran out."""

from typing import Any

from tests.stories import Town
from tests.story_people import Family, Person, adult, child, family, unborn

NOTHING: dict[str, Any] = {"absent": "not-recorded"}


def home(age: int = 3, **more: Any) -> tuple[Person, Person, Family]:
    """A mother and one child, in Dudley's north."""
    mother, kit = adult("Tam"), child("Kit", age=age, **more)
    return mother, kit, family(mother=mother, children=[kit])


def expecting(weeks: int = 20, age: int = 29) -> tuple[Person, Person, Family]:
    """A mother and her unborn child."""
    mother, bump = adult("Ada", age=age), unborn(weeks=weeks)
    return mother, bump, family(mother=mother, children=[bump])


def heard(town: Town, flow: str) -> list[str]:
    """Who heard, rung by rung, that something of this flow was not done."""
    return [e.team for e in town.escalations(flow=flow)]


def fed_back(town: Town, publisher: str) -> set[str]:
    """The fields that this publisher was told it had left out."""
    return {p["path"] for entry in town.status(publisher, "quality") for p in entry["problems"]}


async def seen(town: Town, *teams: str) -> None:
    """These teams acknowledge all that they have."""
    for team in teams:
        for letter in town.inbox(team):
            await town.receipt(letter, "acknowledged")
