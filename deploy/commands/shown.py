"""What a command shows: plain tables that fit 100 columns, empty states in words, JSON with stable keys, progress."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
_WHOLE = frozenset("Delivery Task Refusal Child Event".split())
"""Columns of keys: never broken."""


def console(*, errors: bool = False) -> "Console":
    """Where tables go: as wide as the terminal, and 100 columns where there is none."""
    from rich.console import Console

    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)


def say(*lines: str) -> None:
    """Lines on standard output."""
    from router.page_values import seen

    for line in lines:
        sys.stdout.write(seen(line) + "\n")


def as_json(value: Any) -> None:
    """One JSON document: dataclasses as objects, times in RFC 3339."""
    import orjson

    def plain(one: Any) -> Any:
        if isinstance(one, frozenset | set):
            return sorted(one)
        if hasattr(one, "_asdict"):
            return one._asdict()
        return str(one)

    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    sys.stdout.buffer.write(orjson.dumps(value, default=plain, option=options) + b"\n")
    sys.stdout.flush()


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str, *, right: Sequence[str] = ()
) -> None:
    """A table under its title; where there are no rows, the words that say why. `right`: columns of numbers."""
    from rich import box
    from rich.table import Table

    from router.page_values import seen

    found = list(rows)
    say(title)
    if not found:
        say(f"  {empty}")
        return
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=name in _WHOLE)
    for row in found:
        made.add_row(*map(seen, row))
    console().print(made)


class Bar(Protocol):
    """How far a long piece of work is."""

    def __call__(self, done: int, total: int | None = None, words: str | None = None) -> None:
        """So much of so much is done; `words` say what is being done now."""


@contextmanager
def progress(words: str, *, quiet: bool = False) -> Iterator[Bar]:
    """A bar on standard error; nothing at all where `quiet`, or where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total=None, words=None: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(errors=True), transient=True) as shown:
        task = shown.add_task(words, total=None)

        def move(done: int, total: int | None = None, words: str | None = None) -> None:
            shown.update(task, completed=done, total=total, description=words)

        yield move


def short(id: str | None) -> str:
    """The first eight letters of an id: enough to name it to any command."""
    return id[:8] if id else "–"


def kind_words(kind: str, type: str | None) -> str:  # noqa: A002 - an event's type is called type
    """'ed attendance discharged' for a summary of it; an escalation, a withdrawal or an answer by its kind."""
    return type.rpartition("-")[0].replace("-", " ") if type and kind == "summary" else kind


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 delivery', '2 deliveries'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
