"""A table that is read as easily in a file as in a terminal: 100 columns, and no meaning in colour alone."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Cell = str | Text


def show(
    console: Console,
    title: str,
    below: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    widest: Sequence[int | None] = (),
) -> None:
    """A table under its title and one sentence. `#` after a column's name: numbers; `widest`: the columns' limits."""
    console.print()
    console.print(Text(title, "bold"))
    console.print(Text(below, "dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False, padding=(0, 1))
    for name, width in zip_longest(columns, widest[: len(columns)]):
        number = name.endswith("#")
        table.add_column(
            name.rstrip(" #"), justify="right" if number else "left", overflow="fold", no_wrap=number, max_width=width
        )
    found = list(rows)
    for row in found:
        table.add_row(*row)
    console.print(table if found else Text("  None."))
