"""Tells one child's story: of the child about whom there is most to tell, by the ledger's own account."""

import textwrap
from collections import Counter

from rich.console import Console
from rich.text import Text

from adapters.storage.acts import Acts
from adapters.storage.reading import Reading
from deploy.commands.shown import WIDTH
from deploy.demo import words
from deploy.demo.held import Held
from deploy.demo.place import Place
from deploy.demo.tale import ending, tale, title
from deploy.story import read_story

INDENT = 11


async def tell_one(console: Console, place: Place, held: Held) -> None:
    """Tell it; the look at its content is recorded first, as every look is."""
    child = richest(held)
    await Acts(place.ledger).record("the demo", "one child's story, for whoever watches", f"story of child {child}")
    story = await read_story(Reading(place.ledger), child)
    if story is None:
        return
    console.print()
    console.print(Text(f"One child's story: {title(story)}", "bold"))
    console.print(Text("Taken from the ledger, as `sharewell story` tells it by event. Nobody in it exists.", "dim"))
    today = ""
    for line in tale(story):
        if (day := words.day(line.at)) != today:
            today = day
            console.print(Text(f"\n{day}", "bold"))
        _print(console, f"{words.clock(line.at):>9}  ", line.text)
        for part in line.under:
            _print(console, " " * INDENT + "– ", part)
    console.print()
    _print(console, "", ending(story))


def _print(console: Console, before: str, text: str) -> None:
    """A paragraph with what stands before it, its later lines under its first."""
    width = min(WIDTH, console.width)
    later = " " * len(before)
    for part in textwrap.wrap(text, width, initial_indent=before, subsequent_indent=later, break_on_hyphens=False):
        console.print(Text(part))


def richest(held: Held) -> str:
    """The child with the most different things to tell: rungs climbed, answers, withdrawals, tasks, teams."""
    points: Counter[str] = Counter()
    for clock in held.clocks:
        if clock.child:
            points[clock.child] += 2 * len(clock.fired)
    kinds: dict[str, set[str]] = {}
    for d in held.deliveries:
        if d.child:
            kinds.setdefault(d.child, set()).update((d.state, d.team, d.because or "", d.kind))
    for child, different in kinds.items():
        points[child] += len(different)
    for task in held.tasks:
        if task.child:
            points[task.child] += 2
    return max(points, key=lambda child: (points[child], child))
