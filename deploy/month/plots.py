"""Plots as SVG: bars, stacked bars and a heat map; sizes in pixels, every mark with its figure as a title."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, ROW, LEFT = 760, 22, 250
COLOURS = ("#1d70b8", "#f47738", "#d4351c", "#b1b4b6")
"""Blue, orange, red, grey: told apart by those who see no red or no green, and beside words everywhere."""


class Bar(NamedTuple):
    """One row: its name, its parts from left to right, and what is written after them."""

    name: str
    parts: Sequence[float]
    words: str = ""


def bars(title: str, rows: Sequence[Bar], legend: Sequence[str] = ()) -> str:
    """Horizontal bars, stacked where a row has several parts; an empty plot says so in words."""
    if not rows:
        return f"<p>{escape(title)}: nothing to show.</p>"
    longest = max(sum(row.parts) for row in rows) or 1
    room, top = WIDTH - LEFT - 170, 26 if legend else 6
    out = [_open(title, WIDTH, top + ROW * len(rows) + 6)]
    for n, name in enumerate(legend):
        out.append(f'<rect x="{LEFT + 150 * n}" y="4" width="12" height="12" fill="{COLOURS[n]}"/>')
        out.append(f'<text x="{LEFT + 150 * n + 18}" y="15">{escape(name)}</text>')
    for n, row in enumerate(rows):
        y, x = top + ROW * n, float(LEFT)
        out.append(f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(row.name)}</text>')
        for at, part in enumerate(row.parts):
            wide = room * part / longest
            said = f"{row.name}: {legend[at] + ' ' if legend else ''}{part:g}"
            out.append(f'<rect x="{x:.1f}" y="{y + 3}" width="{wide:.1f}" height="{ROW - 6}" fill="{COLOURS[at]}">')
            out.append(f"<title>{escape(said)}</title></rect>")
            x += wide
        out.append(f'<text x="{x + 6:.1f}" y="{y + 15}">{escape(row.words)}</text>')
    return "".join([*out, "</svg>"])


def heat(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]]) -> str:
    """A field of squares, darker where there were more; the figure stands in each that is not nought."""
    if not rows:
        return f"<p>{escape(title)}: nothing to show.</p>"
    most = max(max(row) for row in rows.values()) or 1
    wide = (WIDTH - LEFT) / len(columns)
    out = [_open(title, WIDTH, 24 + ROW * len(rows))]
    for n, name in enumerate(columns):
        out.append(f'<text x="{LEFT + wide * (n + 0.5):.1f}" y="14" text-anchor="middle">{escape(name)}</text>')
    for n, (name, row) in enumerate(rows.items()):
        y = 20 + ROW * n
        out.append(f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for at, count in enumerate(row):
            x, shade = LEFT + wide * at, 0.08 + 0.92 * count / most
            fill = f'fill="{COLOURS[0]}" fill-opacity="{shade:.2f}"' if count else 'fill="#f3f2f1"'
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{wide - 1:.1f}" height="{ROW - 2}" {fill}>')
            out.append(f"<title>{escape(name)}, {escape(columns[at])}: {count}</title></rect>")
            if count:
                ink = "#fff" if shade > 0.5 else "#0b0c0c"
                centre = f'x="{x + wide / 2:.1f}" y="{y + 14}" text-anchor="middle"'
                out.append(f'<text {centre} fill="{ink}">{count}</text>')
    return "".join([*out, "</svg>"])


def _open(title: str, width: int, height: int) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-size="12" font-family="sans-serif">'
    )
