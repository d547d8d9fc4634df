"""The frame that every page of HTML shares: self-contained, without a script, and made for paper as well."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

STYLE = """
:root { color-scheme: light }
body { font: 16px/1.5 Arial, Helvetica, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111 }
h1, h2, h3, h4 { line-height: 1.25; break-after: avoid }
h1 { font-size: 1.75rem }
h2 { font-size: 1.4rem; border-top: 3px solid #111; padding-top: .5rem; margin-top: 3rem }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem }
h4 { font-size: 1rem; margin: 1.2rem 0 .4rem }
a { color: #003087 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #bbb }
td, th, code, p, li { overflow-wrap: break-word }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
code { font-size: .85rem; overflow-wrap: anywhere }
.small { font-size: .85rem; color: #444 }
.bad { font-weight: bold }
details { border-bottom: 1px solid #bbb }
details details { margin-left: 1rem }
details details:last-child, td details { border-bottom: none }
summary { cursor: pointer; padding: .4rem 0 }
summary :is(h3, h4) { display: inline; font-size: 1rem; margin: 0 .5rem 0 0 }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt }
  a { color: inherit; text-decoration: none }
  tr, summary { break-inside: avoid }
  summary { break-after: avoid; list-style: none }
  details { border-bottom: none }
  details::details-content { content-visibility: visible; display: block; block-size: auto; overflow: visible }
}
"""
"""What is folded on a screen is printed open (`::details-content`: the browsers of 2025 and later)."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is loaded from anywhere, even where somebody were to slip it in."""


class Html(str):
    """What is HTML already, and is not escaped again."""

    __slots__ = ()


def whole(title: str, parts: Iterable[str], style: str = "") -> str:
    """One page; `style` is what this page has besides the shared."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n"
        f"{chr(10).join(parts)}\n</body>\n</html>\n"
    )


def folded(heading: str, inside: Iterable[str], *, id: str = "", beside: str = "", level: int = 3) -> Iterator[str]:
    """A fold under a heading; a link to `id` opens it, because the anchor lies inside what is folded."""
    anchor = f' id="{escape(id)}"' if id else ""
    said = f'<span class="small">{beside}</span>' if beside else ""
    yield f"<details><summary><h{level}>{escape(heading)}</h{level}>{said}</summary>"
    yield f"<div{anchor}>"
    yield from inside
    yield "</div></details>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> Iterator[str]:
    """A table of plain words; a cell that is a number stands at the right, and so does the heading of such a column."""
    shown = [tuple(row) for row in rows]
    name = f' class="{kind}"' if kind else ""
    yield f"<table{name}>"
    if columns:
        numbers = [bool(shown) and all(is_number(row[at]) for row in shown) for at in range(len(columns))]
        heads = zip(columns, numbers, strict=True)
        yield f"<thead><tr>{''.join(_cell('th', words, number) for words, number in heads)}</tr></thead>"
    yield "<tbody>"
    for row in shown:
        yield f"<tr>{''.join(_cell('td', words, is_number(words)) for words in row)}</tr>"
    yield "</tbody></table>"


def is_number(words: str) -> bool:
    """Whether a cell holds a whole number, with or without separators."""
    return words.replace(",", "").isdigit()


def _cell(tag: str, words: str, number: bool) -> str:
    kind = ' class="n"' if number else ""
    return f"<{tag}{kind}>{words if isinstance(words, Html) else escape(words)}</{tag}>"
