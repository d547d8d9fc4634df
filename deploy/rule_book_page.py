"""The rule book as one page that needs nothing else: read on a screen or printed, with no script and no link out."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from router.policy.book import Book, english
from router.policy.coverage import Covered
from router.policy.never import ALWAYS_SHOWN, Never
from router.policy.team import Arrival, Told

_STYLE = """
:root { color-scheme: light }
body { font: 16px/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111 }
h1, h2, h3, nav, th { font-family: Arial, sans-serif; line-height: 1.25 }
h2 { border-top: 3px solid #111; padding-top: .5rem; margin-top: 3rem }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem }
nav a { display: inline-block; margin-right: 1rem }
a { color: #003087 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #bbb }
td.why { width: 12rem; font-family: Arial, sans-serif; font-size: .85rem; color: #333 }
.open { font-weight: bold }
code { font-size: .85rem; overflow-wrap: anywhere }
@media print {
  body { max-width: none; margin: 0; font-size: 11pt }
  nav { display: none }
  a { color: inherit; text-decoration: none }
  h2 { break-before: page }
  h3 { break-after: avoid }
  tr { break-inside: avoid }
}
"""


def page(
    book: Book,
    teams: Sequence[Told],
    covered: tuple[Sequence[Covered], Sequence[Covered]],
    never: Sequence[Never],
) -> str:
    """The whole book: the rules event by event, what each service is told, what is covered, who must never be told."""
    parts = [
        *_contents(book),
        *_rules(book),
        '<h2 id="teams">What each team is told</h2>',
        *(line for told in teams for line in _team(told)),
        *_coverage(*covered),
        *_never(never),
    ]
    return _whole("The rule book", f"version {book.version}", parts)


def team_page(book: Book, told: Told, never: Never) -> str:
    """What one service is told, and what it never gets, as a page of its own."""
    return _whole(title_of(told), f"by the rule book, version {book.version}", [*_team(told), *_never([never])])


def title_of(told: Told) -> str:
    """'Midwifery: what it is told'."""
    words = told.service.words
    return f"{words[0].upper()}{words[1:]}: what it is told"


def split(line: str) -> tuple[str, str]:
    """A rule of the book as its words, and the flow, paragraph and recommendation it stands on."""
    words, _, why = line.strip().rpartition(" [")
    return (words, why.removesuffix("]")) if words and line.rstrip().endswith("]") else (line.strip(), "")


def _whole(title: str, under: str, parts: Iterable[str]) -> str:
    head = (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    top = (
        f"<h1>{escape(title)}</h1>\n<p>Sharewell, {escape(under)}. Paragraphs and recommendations are the review's.</p>"
    )
    return f"{head}{top}\n{chr(10).join(parts)}\n</body>\n</html>\n"


def _contents(book: Book) -> Iterator[str]:
    yield '<nav><a href="#rules">Rules</a><a href="#teams">By team</a><a href="#coverage">Coverage</a>'
    yield '<a href="#never">Who must never be told</a></nav>'
    yield '<h2 id="rules">Rules, event by event</h2>'
    yield f"<p>{len(book.policies)} events.</p>"


def _rules(book: Book) -> Iterator[str]:
    for kind in sorted(book.policies):
        heading, *lines = english(book.policies[kind])
        yield f'<h3 id="{escape(kind)}">{escape(heading)}</h3>'
        yield from _table(("Rule", "Because"), map(split, lines))


def _team(told: Told) -> Iterator[str]:
    yield f'<h3 id="team-{escape(told.service.value)}">{escape(told.service.value)}: {escape(told.service.words)}</h3>'
    for arrival in told.arrives:
        yield f"<p>{escape(arrival.happens)}</p>"
        yield from _table(
            ("What you are told, and what rings", "Because"), map(split, (*arrival.rows, *arrival.clocks))
        )
    if told.rings:
        yield "<p>When nobody answers, you hear of it:</p>"
        yield from _table(("Clock", "Because"), map(split, told.rings))
    yield from _sends(told.sends)


def _sends(sends: Sequence[Arrival]) -> Iterator[str]:
    if sends:
        yield "<p>What you publish, and what you are told in return:</p>"
        rows = [(one.event, _in_return(one.rows)) for one in sends]
        yield from _table(("Event", "In return"), rows)


def _in_return(lines: Sequence[str]) -> str:
    return " ".join(lines) or "whether it was accepted"


def _coverage(flows: Sequence[Covered], recommendations: Sequence[Covered]) -> Iterator[str]:
    yield '<h2 id="coverage">What the review asks for</h2>'
    for title, found in (("Flows", flows), ("Recommendations", recommendations)):
        yield f"<h3>{title}</h3>"
        yield from _table(("", "Asked", "Answered by"), ((one.name, one.asked, answered(one)) for one in found))


def answered(one: Covered) -> str:
    """What answers a flow or a recommendation, in words."""
    parts = [closing.words for closing in one.closing]
    if one.by_flows:
        parts.append(f"by {', '.join(one.by_flows)}")
    if one.lacking:
        parts.append(f"no rule yet for {', '.join(one.lacking)}")
    if one.beyond:
        alone = "" if one.name.startswith("F") else "not by routing: "
        parts.append(f"{'besides: ' if one.closing or one.by_flows else alone}{one.beyond}")
    return " · ".join(parts) or "OPEN: no rule cites it"


def _never(found: Sequence[Never]) -> Iterator[str]:
    yield '<h2 id="never">Who must never be told</h2>'
    yield f"<p>Tried for every line by {' and '.join(f'<code>{escape(one)}</code>' for one in ALWAYS_SHOWN)}.</p>"
    for one in found:
        yield f"<h3>{escape(one.service.value)}: {escape(one.service.words)}</h3>"
        yield from _table(("", "Never", "Shown besides by"), never_rows(one))


def never_rows(one: Never) -> Iterator[tuple[str, str, str]]:
    """One service's table: kinds of content, whole events, then fields of the events it is told of."""
    if one.groups:
        yield "any event", ", ".join(group.value.replace("-", " ") for group in one.groups), ""
    if one.events:
        yield "whole events", ", ".join(one.events), ""
    for words in one.kept_from:
        yield "kept from it", words, ""
    for withheld in one.withheld:
        yield withheld.event, ", ".join(withheld.fields), ", ".join(withheld.proofs)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"<table><thead><tr>{''.join(f'<th>{escape(c)}</th>' for c in columns)}</tr></thead><tbody>"
    for row in rows:
        *most, last = row
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in most)
        marked = ' class="why"' if columns[-1] == "Because" else ' class="open"' if last.startswith("OPEN") else ""
        yield f"<tr>{cells}<td{marked}>{escape(last)}</td></tr>"
    yield "</tbody></table>"
