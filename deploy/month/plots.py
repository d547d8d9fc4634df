"""Plots as tables with drawn cells: no name is cut, rows stack on a narrow screen, and paper keeps the colours."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

COLOURS = ("#1d70b8", "#f47738", "#d4351c", "#b1b4b6")
"""Blue, orange, red, grey: told apart by those who see no red or no green, and beside words everywhere."""
INK = "#0b0c0c"
SHADES = 10
STYLE = """
table.bars td { border: none; padding: .1rem .6rem .1rem 0; font-size: .85rem; vertical-align: middle }
table.bars td:first-child { text-align: right; white-space: nowrap }
table.bars td.bar { width: 100%; min-width: 9rem }
table.bars td:last-child { white-space: nowrap; padding-right: 0 }
table.bars tr { break-inside: avoid }
td.bar svg { display: block }
.legend { font-size: .85rem; margin: .3rem 0 }
.legend span { display: inline-block; margin-right: 1.2rem }
table.heat { border-collapse: separate; border-spacing: 1px; font-size: .75rem; print-color-adjust: exact }
table.heat :is(td, th) { border: none; padding: .15rem 0; text-align: center; background: #f3f2f1; min-width: 1.25rem }
table.heat :is(tr th, td:first-child) { background: none; font-weight: normal }
table.heat td:first-child { text-align: right; padding-right: .5rem }
@media (max-width: 40rem) {
  table.bars tbody { display: block }
  table.bars tr { display: grid; grid-template-columns: 1fr auto; padding-bottom: .4rem }
  table.bars td:first-child { text-align: left; white-space: normal }
  table.bars td.bar { order: 1; grid-column: 1 / -1 }
  table.heat { font-size: .6rem; border-spacing: 0 }
  table.heat :is(thead, tbody) { display: block }
  table.heat tr { display: grid; grid-template-columns: repeat(24, 1fr); gap: 1px }
  table.heat tr > :first-child { grid-column: 1 / -1; text-align: left; font-size: .8rem }
  table.heat :is(td, th) { min-width: 0 }
}
""" + "".join(
    f"table.heat td.s{n} {{ background: rgb(29 112 184 / {(n + 1) * 10}%); color: {'#fff' if n > 4 else INK} }}\n"
    for n in range(SHADES)
)


class Bar(NamedTuple):
    """One row: its name, its parts from left to right, and what is written after them."""

    name: str
    parts: Sequence[float]
    words: str = ""
    mark: float | None = None
    """Where a line is drawn across the bar, such as at the median."""


def bars(
    title: str, rows: Sequence[Bar], legend: Sequence[str] = (), *, whole: bool = False, mark: str = ""
) -> Iterator[str]:
    """Horizontal bars, parts side by side; `whole` makes every row as long as the next, for the shares in it.

    An empty plot says so in words; `mark` is what the line across a bar stands for."""
    if not rows:
        yield f"<p>{escape(title)}: nothing to show.</p>"
        return
    longest = max(sum(row.parts) for row in rows) or 1
    yield from _legend(legend, mark)
    yield f'<table class="bars" aria-label="{escape(title)}"><tbody>'
    for row in rows:
        drawn = "".join(_drawn(row, (sum(row.parts) or 1) if whole else longest, legend, mark))
        svg = f'<svg role="img" aria-label="{escape(row.words)}" width="100%" height="15">{drawn}</svg>'
        yield f'<tr><td>{escape(row.name)}</td><td class="bar">{svg}</td><td>{escape(row.words)}</td></tr>'
    yield "</tbody></table>"


def _drawn(row: Bar, full: float, legend: Sequence[str], mark: str) -> Iterator[str]:
    before = 0.0
    for at, part in enumerate(row.parts):
        said = f"{row.name}: {legend[at] + ' ' if legend else ''}{part:,g}"
        place = f'x="{100 * before / full:.2f}%" width="{100 * part / full:.2f}%"'
        yield f'<rect {place} height="100%" fill="{COLOURS[at]}"><title>{escape(said)}</title></rect>'
        before += part
    if row.mark is not None:
        x = f"{100 * row.mark / full:.2f}%"
        yield f'<line x1="{x}" x2="{x}" y1="0" y2="100%" stroke="{INK}" stroke-width="4">'
        yield f"<title>{escape(f'{row.name}: {mark} {row.mark:,g}')}</title></line>"


def _legend(legend: Sequence[str], mark: str) -> Iterator[str]:
    keys = [(f'<rect width="12" height="12" fill="{COLOURS[n]}"/>', name) for n, name in enumerate(legend)]
    if mark:
        keys.append((f'<rect x="4" width="4" height="12" fill="{INK}"/>', mark))
    shown = (
        f'<span><svg aria-hidden="true" width="12" height="12">{key}</svg> {escape(name)}</span>' for key, name in keys
    )
    if keys:
        yield f'<p class="legend">{"".join(shown)}</p>'


def heat(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """A field of squares, darker where there were more; the figure stands in each that is not nought."""
    if not rows:
        yield f"<p>{escape(title)}: nothing to show.</p>"
        return
    most = max(max(row) for row in rows.values()) or 1
    heads = "".join(f"<th>{escape(name)}</th>" for name in columns)
    yield f'<table class="heat" aria-label="{escape(title)}"><thead><tr><th></th>{heads}</tr></thead><tbody>'
    for name, row in rows.items():
        cells = "".join(_square(f"{name}, {columns[at]}", count, most) for at, count in enumerate(row))
        yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
    yield "</tbody></table>"


def _square(of: str, count: int, most: int) -> str:
    if not count:
        return "<td></td>"
    return f'<td class="s{(count * SHADES - 1) // most}" title="{escape(f"{of}: {count:,}")}">{count:,}</td>'
