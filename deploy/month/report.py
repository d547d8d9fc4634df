"""The month's report: one self-contained page, readable on paper, with every plot beside its words."""

from collections.abc import Iterable, Sequence
from html import escape
from statistics import median

from deploy.month.figures import Figures
from deploy.month.plots import Bar, bars, heat

MOST_OVERDUE = 20
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}"
    "td.n,th.n{text-align:right}tr{border-bottom:1px solid #b1b4b6}svg{max-width:100%;height:auto}"
    "h2{margin-top:2.5rem}.bad{font-weight:bold}"
    "@media print{body{margin:0}h2{break-after:avoid}svg{break-inside:avoid}}"
)
COUNTED = (
    "events kept",
    "records refused",
    "summaries sent",
    "answers by people",
    "clocks started",
    "rungs fired",
    "tasks raised",
)


def page(found: Figures, faults: Sequence[str], first: str, last: str) -> str:
    """The whole page as HTML; it names teams and publishers, and nobody."""
    parts = [
        f"<h1>A borough's month, {escape(first)} to {escape(last)}</h1>",
        "<p>Everybody in it is made up. Time was stepped through Good Friday, the clock change and Easter Monday; "
        "after the last day nothing new was published, and time went on until no clock ran.</p>",
        _table((), [(name, f"{count:,}") for name, count in zip(COUNTED, found.totals, strict=True)]),
        _reconciled(faults),
        "<h2>Events by day</h2>",
        bars("Events by day", [Bar(f"{day:%a %-d %b}", (count,), str(count)) for day, count in found.days.items()]),
        "<h2>From kept to read by a person</h2><p>Median and nine in ten, in hours, nights and days off included.</p>",
        bars(
            "Hours until read",
            [_waited(name, hours) for name, hours in found.answered.items()],
            ("median", "nine in ten"),
        ),
        "<h2>Answered in time</h2><p>Of the clocks on each service.</p>",
        bars(
            "Answered in time",
            [_in_time(n, c) for n, c in found.in_time.items() if sum(c)],
            ("in time", "late", "never"),
        ),
        "<h2>Overdue, by team and hour</h2><p>When a clock ran out and somebody else was told; "
        f"the {MOST_OVERDUE} teams with the most.</p>",
        heat("Overdue", [str(h) for h in range(24)], dict(list(found.overdue.items())[:MOST_OVERDUE])),
        "<h2>Quality by publisher</h2><p>Of what the rule book wants recorded, how much was.</p>",
        bars("Quality", [_quality(n, *q) for n, q in found.quality.items() if q[0]], ("recorded", "missing")),
        "<h2>Fan-out</h2><p>How many summaries an event made.</p>",
        bars("Fan-out", [Bar(f"{n} summaries", (count,), f"{count:,} events") for n, count in found.fan_out.items()]),
        "<h2>Flows</h2>",
        _table(("Flow", "Events", "Summaries", "Clocks"), [(f, *map(str, n)) for f, n in found.flows.items()]),
        "<h2>Ladders</h2><p>Every kind of clock: how often it started, was met, and reached its last rung.</p>",
        _table(
            ("Flow", "Clock", "Started", "Met", "Rungs", "Reached the last"),
            [(x.flow, x.words, str(x.started), str(x.met), str(x.rungs), str(x.ended)) for x in found.ladders],
        ),
    ]
    head = f'<meta charset="utf-8"><title>A borough\'s month</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _reconciled(faults: Sequence[str]) -> str:
    if not faults:
        return "<p>Reconciled: everything that was accepted is accounted for.</p>"
    return f'<p class="bad">Not reconciled:</p><ul>{"".join(f"<li>{escape(f)}</li>" for f in faults)}</ul>'


def _waited(name: str, hours: Sequence[float]) -> Bar:
    half, most = median(hours), hours[min(len(hours) - 1, int(len(hours) * 0.9))]
    return Bar(name, (round(half, 1), round(most - half, 1)), f"{half:.1f} and {most:.1f} h")


def _in_time(name: str, counts: tuple[int, int, int]) -> Bar:
    return Bar(name, counts, f"{counts[0] / sum(counts):.0%} of {sum(counts):,}")


def _quality(name: str, wanted: int, present: int, events: int) -> Bar:
    return Bar(name, (present, wanted - present), f"{present / wanted:.0%} in {events:,} events")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = (' class="n"' if cell.replace(",", "").isdigit() else "" for cell in row)
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for cell, kind in zip(row, kinds, strict=True))

    head = f"<thead><tr>{cells('th', heads)}</tr></thead>" if heads else ""
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"
