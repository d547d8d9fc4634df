"""One child's story end to end: the child of whom there is most to tell, by the ledger's own account."""

import textwrap
from collections import Counter

from rich.console import Console
from rich.text import Text

from adapters.storage.acts import Acts
from adapters.storage.reading import Reading
from deploy.commands.shown import WIDTH
from deploy.demo.held import Held
from deploy.demo.place import Place
from deploy.story import read_story, tell


async def tell_one(console: Console, place: Place, held: Held) -> None:
    """Tell it; the look at its content is recorded first, as every look is."""
    child = richest(held)
    await Acts(place.ledger).record("the demo", "one child's story, for whoever watches", f"story of child {child}")
    story = await read_story(Reading(place.ledger), child)
    if story is None:
        return
    console.print()
    console.print(Text("One child's story, from the ledger", "bold"))
    console.print(Text("As `sharewell story` tells it; nobody in it exists.", "dim"))
    console.print()
    for line in tell(story):
        indent = len(line) - len(line.lstrip())
        for part in textwrap.wrap(line, WIDTH, subsequent_indent=" " * (indent + 2)) or [""]:
            console.print(Text(part, "bold" if line and not indent else ""))


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
