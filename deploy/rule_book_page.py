"""The rule book as one page that needs nothing else: an index, then all of it in folds that a link or paper opens."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from router.page_frame import Html, folded, table, whole
from router.policy.book import Book, english
from router.policy.coverage import Covered
from router.policy.english import happened
from router.policy.never import ALWAYS_SHOWN, Never
from router.policy.proofs import flows_of
from router.policy.review import FLOWS, READ_OFF
from router.policy.team import Arrival, Told
from router.policy.words import Policy

_STYLE = """
nav { position: sticky; top: 0; background: #fff; padding: .5rem 0; border-bottom: 1px solid #bbb; z-index: 1 }
nav a { display: inline-block; margin-right: 1rem }
[id] { scroll-margin-top: 6.5rem }
h2[id], h3[id] { scroll-margin-top: 3.5rem }
ul.names { margin: 0; padding: 0; list-style: none }
ul.names li { margin-bottom: .2rem }
ul.teams { columns: 2; margin: 0; padding: 0; list-style: none }
ul.teams li { break-inside: avoid; margin-bottom: .3rem }
table { table-layout: fixed }
table.rules th:last-child { width: 12rem }
table.rules td:last-child { font-size: .85rem; color: #333 }
table.flows th:first-child, table.covered th:first-child { width: 3.5rem }
table.flows th:nth-child(2) { width: 40% }
table.covered th:nth-child(2) { width: 35% }
table.never th:first-child { width: 11rem }
table.never th:last-child { width: 32% }
table.never td:first-child { overflow-wrap: anywhere }
.open { font-weight: bold }
@media (max-width: 40rem) {
  ul.teams { columns: 1 }
  tbody, tr, td { display: block }
  thead { display: none }
  tr { border-bottom: 1px solid #bbb; padding: .3rem 0 }
  td { border: none; padding: .1rem 0 }
  table:not(.rules) td:first-child { font-weight: bold }
}
@media print {
  nav { display: none }
  h2 { break-before: page }
}
"""
_DIRECTORY = "directory"
_FEW, _MANY = 2, 8


def page(
    book: Book,
    teams: Sequence[Told],
    covered: tuple[Sequence[Covered], Sequence[Covered]],
    never: Sequence[Never],
) -> str:
    """The whole book: an index, the rules flow by flow, what each service is told, coverage, who is never told."""
    parts = [
        *_top("The rule book", book),
        '<nav><a href="#index">Index</a><a href="#rules">Rules</a><a href="#teams">By team</a>'
        '<a href="#coverage">Coverage</a><a href="#never">Who must never be told</a></nav>',
        *_index(book, teams),
        *_rules(book),
        '<h2 id="teams">What each team is told</h2>',
        *(line for told in teams for line in _folded_team(book, told)),
        *_coverage(*covered),
        *_never(never),
    ]
    return whole("The rule book", parts, _STYLE)


def team_page(book: Book, told: Told, never: Never) -> str:
    """What one service is told, and what it never gets, as a page of its own."""
    parts = [*_top(title_of(told), book), *_team(book, told), *_never([never])]
    return whole(title_of(told), parts, _STYLE)


def title_of(told: Told) -> str:
    """'Midwifery: what it is told'."""
    return f"{_capital(told.service.words)}: what it is told"


def split(line: str) -> tuple[str, str]:
    """A rule of the book as its words, and the flow, paragraph and recommendation it stands on."""
    words, _, why = line.strip().rpartition(" [")
    return (words, why.removesuffix("]")) if words and line.rstrip().endswith("]") else (line.strip(), "")


def main_flow(policy: Policy) -> str:
    """The flow that most of an event's rows and clocks stand on; 'directory' for those that keep the directory true."""
    gaps = [row.because for row in policy.shares]
    gaps += [clock.because for clock in policy.expectations] + [want.because for want in policy.wants]
    cited = Counter(gap.flow for gap in gaps)
    own = {flow: count for flow, count in cited.items() if flow in FLOWS}
    return min(own, key=lambda flow: (-own[flow], flow), default=_DIRECTORY)


def by_flow(book: Book) -> dict[str, list[str]]:
    """Every event under its main flow, in the order of the flows; those of the directory last."""
    found: dict[str, list[str]] = {flow: [] for flow in (*FLOWS, _DIRECTORY)}
    for kind, policy in sorted(book.policies.items()):
        found[main_flow(policy)].append(kind)
    return found


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _name(book: Book, kind: str) -> str:
    return _capital(happened(book.policies[kind]))


def _top(title: str, book: Book) -> Iterator[str]:
    yield f"<h1>{escape(title)}</h1>"
    yield f"<p>Sharewell, by the rule book, version {escape(book.version)}. Paragraphs and recommendations are the "
    yield "review's. What is folded opens by a click or a link, and prints open.</p>"


def _index(book: Book, teams: Sequence[Told]) -> Iterator[str]:
    yield f'<h2 id="index">Index</h2><h3>{len(book.policies)} events, by flow</h3>'
    yield "<p>A flow is named by the gap that the review found. An event stands under the flow that most of its rules "
    yield "serve; where it serves others too, it is named there as well.</p>"
    own = by_flow(book)
    serving = {flow: [k for k, p in sorted(book.policies.items()) if flow in flows_of(p)] for flow in FLOWS}
    rows = [
        (flow, gap.words, _events(book, own[flow], [k for k in serving[flow] if k not in own[flow]], flow))
        for flow, gap in FLOWS.items()
    ]
    rows.append(("A–D, G", "the directory that all of them read is kept true", _events(book, own[_DIRECTORY], [], "")))
    yield from table(("Flow", "What the review found", "Events"), rows, "flows")
    yield "<h3>Teams</h3>"
    lines = (
        f'<li><a href="#team-{one.service.value}">{escape(_capital(one.service.words))}</a> '
        f'<span class="small">({one.service.value}) {_told_of(one)}</span></li>'
        for one in teams
    )
    yield f'<ul class="teams">{"".join(lines)}</ul>'


def _told_of(told: Told) -> str:
    return f"told of {len(told.arrives)} {'event' if len(told.arrives) == 1 else 'events'}"


def _events(book: Book, own: Sequence[str], more: Sequence[str], flow: str) -> Html:
    """Links to the events of a flow; the many that it only touches are folded."""
    if not own and not more:
        return Html(escape(READ_OFF[flow][1] if flow in READ_OFF else "kept by a clock on every row that asks for it"))
    shown, hidden = ([*own, *more], []) if len(more) <= _MANY else (own, more)
    out = _links(book, shown)
    if hidden:
        out += f"<details><summary>{len(hidden)} events</summary>{_links(book, hidden)}</details>"
    return Html(out)


def _links(book: Book, kinds: Sequence[str]) -> str:
    lines = (f'<li><a href="#{escape(kind)}">{escape(_name(book, kind))}</a></li>' for kind in kinds)
    return f'<ul class="names">{"".join(lines)}</ul>' if kinds else ""


def _rules(book: Book) -> Iterator[str]:
    yield '<h2 id="rules">Rules, flow by flow</h2>'
    for flow, kinds in by_flow(book).items():
        if kinds:
            words = f"{flow}: {FLOWS[flow].words}" if flow in FLOWS else "The directory that all of them read"
            yield f"<h3>{escape(words)}</h3>"
        for kind in kinds:
            heading, *lines = english(book.policies[kind])
            inside = [f"<p>{escape(heading)}</p>", *table(("Rule", "Because"), map(split, lines), "rules")]
            beside = f"<code>{escape(kind)}</code>"
            yield from folded(_name(book, kind), inside, id=kind, beside=beside, level=4)


def _folded_team(book: Book, told: Told) -> Iterator[str]:
    heading, id = f"{told.service.value}: {told.service.words}", f"team-{told.service.value}"
    yield from folded(heading, _team(book, told), id=id, beside=_told_of(told))


def _team(book: Book, told: Told) -> Iterator[str]:
    arrives = {one.event: one for one in told.arrives}
    for kind in (kind for kinds in by_flow(book).values() for kind in kinds if kind in arrives):
        one = arrives[kind]
        rows = map(split, (*one.rows, *one.clocks))
        said = table(("What you are told, and what rings", "Because"), rows, "rules")
        beside = main_flow(book.policies[kind]).replace(_DIRECTORY, "")
        yield from folded(_name(book, kind), [f"<p>{escape(one.happens)}</p>", *said], beside=beside, level=4)
    if told.rings:
        rings = table(("Clock", "Because"), map(split, told.rings), "rules")
        yield from folded("When nobody answers, you hear of it:", rings, beside=f"{len(told.rings)} clocks", level=4)
    yield from _sends(told.sends)


def _sends(sends: Sequence[Arrival]) -> Iterator[str]:
    if sends:
        rows = [(one.event, _in_return(one.rows)) for one in sends]
        inside = table(("Event", "In return"), rows, "never")
        heading = "What you publish, and what you are told in return:"
        yield from folded(heading, inside, beside=f"{len(sends)} events", level=4)


def _in_return(lines: Sequence[str]) -> str:
    return " ".join(lines) or "whether it was accepted"


def _coverage(flows: Sequence[Covered], recommendations: Sequence[Covered]) -> Iterator[str]:
    yield '<h2 id="coverage">What the review asks for</h2>'
    for title, found in (("Flows", flows), ("Recommendations", recommendations)):
        rows = [(one.name, one.asked, _answers(one)) for one in found]
        yield f"<h3>{title}</h3>"
        yield from table(("", "Asked", "Answered by"), rows, "covered")


def _answers(one: Covered) -> Html:
    """A line for each event that answers it, the many folded; then what else."""
    events = [closing.words for closing in one.closing]
    rest = _list(answers(one)[len(events) :], "names open" if one.open else "names")
    if len(events) <= _FEW:
        return Html(_list(events) + rest)
    return Html(f"<details><summary>{len(events)} events</summary>{_list(events)}</details>{rest}")


def _list(lines: Sequence[str], kind: str = "names") -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="{kind}">{items}</ul>' if items else ""


def answers(one: Covered) -> list[str]:
    """What answers a flow or a recommendation, in words: each event, then what else."""
    parts = [closing.words for closing in one.closing]
    if one.by_flows:
        parts.append(f"by {', '.join(one.by_flows)}")
    if one.lacking:
        parts.append(f"no rule yet for {', '.join(one.lacking)}")
    if one.beyond:
        alone = "" if one.name.startswith("F") else "not by routing: "
        parts.append(f"{'besides: ' if one.closing or one.by_flows else alone}{one.beyond}")
    return parts or ["OPEN: no rule cites it"]


def answered(one: Covered) -> str:
    """The same on one line."""
    return " · ".join(answers(one))


def _never(found: Sequence[Never]) -> Iterator[str]:
    yield '<h2 id="never">Who must never be told</h2>'
    yield f"<p>Tried for every line by {' and '.join(f'<code>{escape(one)}</code>' for one in ALWAYS_SHOWN)}.</p>"
    for one in found:
        rows = [(of, what, Html(f"<code>{escape(proofs)}</code>")) for of, what, proofs in never_rows(one)]
        heading, id = f"{one.service.value}: {one.service.words}", f"never-{one.service.value}"
        inside = table(("Of", "Never", "Shown besides by"), rows, "never")
        if len(found) == 1:
            yield from inside
        else:
            yield from folded(heading, inside, id=id, beside=_kept(one))


def _kept(one: Never) -> str:
    whole_events = len(one.events)
    return f"{whole_events} whole {'event' if whole_events == 1 else 'events'}, parts of {len(one.withheld)}"


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
