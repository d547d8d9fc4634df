"""The month's report: one self-contained page, readable on paper, with every plot beside its words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from itertools import groupby
from statistics import median

from deploy.month.figures import Figures, Kept, Ladder
from deploy.month.plots import STYLE, Bar, bars, heat
from router.page_frame import folded, table, whole
from router.policy.review import FLOWS

MOST_OVERDUE = 20
FEW = 20
"""Of fewer than so many a share in percent would say more than is known."""
COUNTED = (
    "events kept",
    "records refused",
    "summaries sent",
    "answers by people",
    "clocks started",
    "rungs fired",
    "tasks raised",
)
KEPT = ("in time", "late", "never", "of a kind that nobody there met")


def page(found: Figures, faults: Sequence[str], first: date, last: date) -> str:
    """The whole page as HTML; it names teams and publishers, and nobody."""
    title = f"A borough's month, {first:%-d %B} to {last:%-d %B %Y}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        "<p>Everybody in it is made up. Time was stepped through Good Friday, the clock change and Easter Monday; "
        "after the last day only what had begun went on, until no clock ran. People answer as people do: most in "
        "time, some late, some never; and at every service the first summary of each kind is left unread, so that "
        "every ladder is climbed once.</p>",
        *table((), [(name, f"{count:,}") for name, count in zip(COUNTED, found.totals, strict=True)], "totals"),
        _reconciled(faults),
        "<h2>Events by day</h2>",
        *bars("Events by day", list(_days(found.days, last))),
        "<h2>From kept to read by a person</h2><p>Hours, nights and days off included: half were read before the mark, "
        "nine in ten before the end of the bar.</p>",
        *bars(
            "Hours until read",
            [_waited(name, hours) for name, hours in found.answered.items()],
            ("until nine in ten were read",),
            mark="until half were read (median)",
        ),
        "<h2>Answered in time</h2><p>Of the clocks on each service that wait for its own people to read or answer. "
        "Grey are clocks of a kind that nobody of this service met in the month, most of them because the made-up "
        "people do not do such a thing at all; they are in no percentage.</p>",
        *bars("Answered in time", _in_time(found.in_time), KEPT, whole=True),
        "<h2>Done in time</h2><p>Of the clocks on each service that wait for something to happen, such as an "
        "assessment or an outcome that is told.</p>",
        *bars("Done in time", _in_time(found.done), KEPT, whole=True),
        "<h2>Overdue, by team and hour</h2><p>When a clock ran out and somebody else was told; "
        f"the {MOST_OVERDUE} teams with the most.</p>",
        *heat("Overdue", [str(h) for h in range(24)], dict(list(found.overdue.items())[:MOST_OVERDUE])),
        "<h2>Quality by publisher</h2><p>Of what the rule book wants recorded, how much was.</p>",
        *bars(
            "Quality", [_quality(n, *q) for n, q in found.quality.items() if q[0]], ("recorded", "missing"), whole=True
        ),
        "<h2>Fan-out</h2><p>How many summaries an event made.</p>",
        *bars("Fan-out", [Bar(_counted(n, "summary"), (m,), _counted(m, "event")) for n, m in found.fan_out.items()]),
        "<h2>Flows</h2><p>Each by the gap that the review found, and what answered it in the month.</p>",
        *table(
            ("Flow", "What the review found", "Events", "Summaries", "Clocks"),
            [(flow, _gap(flow), *(f"{n:,}" for n in counts)) for flow, counts in found.flows.items()],
        ),
        "<h2>Ladders</h2><p>Every kind of clock: how often it started, was met, and reached its last rung.</p>",
        *_ladders(found.ladders),
    ]
    return whole(
        title, parts, f"{STYLE}table.totals {{ width: auto }}\ntable.totals td:first-child {{ width: 14rem }}\n"
    )


def _reconciled(faults: Sequence[str]) -> str:
    if not faults:
        return "<p>Reconciled: everything that was accepted is accounted for.</p>"
    return f'<p class="bad">Not reconciled:</p><ul>{"".join(f"<li>{escape(f)}</li>" for f in faults)}</ul>'


def _counted(count: int, what: str) -> str:
    many = f"{what.removesuffix('y')}ies" if what.endswith("y") else f"{what}s"
    return f"{count:,} {what if count == 1 else many}"


def _days(days: Mapping[date, int], last: date) -> Iterator[Bar]:
    """Each day of the month, and what came after it as one."""
    for day, count in days.items():
        if day <= last:
            yield Bar(f"{day:%a %-d %b}", (count,), f"{count:,}")
    if after := sum(count for day, count in days.items() if day > last):
        yield Bar("in all the days after", (after,), f"{after:,}")


def _waited(name: str, hours: Sequence[float]) -> Bar:
    half, most = median(hours), hours[min(len(hours) - 1, int(len(hours) * 0.9))]
    return Bar(name, (round(most, 1),), f"half in {half:.1f} h, nine in ten in {most:.1f} h", mark=round(half, 1))


def _in_time(found: Mapping[str, Kept]) -> list[Bar]:
    return [Bar(name, kept, _kept(kept)) for name, kept in found.items() if sum(kept)]


def _kept(kept: Kept) -> str:
    """How many were in time of those that somebody there meets; in percent where they are many."""
    count = kept.in_time + kept.late + kept.never
    if not count:
        return f"none of {kept.nobody:,} met"
    share = f", {kept.in_time / count:.0%}" if count >= FEW else ""
    return f"{kept.in_time:,} of {count:,}{share}"


def _quality(name: str, wanted: int, present: int, events: int) -> Bar:
    return Bar(name, (present, wanted - present), f"{present / wanted:.0%} in {_counted(events, 'event')}")


def _gap(flow: str) -> str:
    return FLOWS[flow].words if flow in FLOWS else "a rule of every flow"


def _ladders(ladders: Sequence[Ladder]) -> Iterator[str]:
    """A fold for each flow; those whose last rung was never reached are said beside its name."""
    for flow, of_flow in groupby(sorted(ladders, key=lambda one: one.flow), key=lambda one: one.flow):
        rows = list(of_flow)
        started, met = sum(one.started for one in rows), sum(one.met for one in rows)
        beside = f"{_counted(len(rows), 'kind')} of clock, {started:,} started, {met:,} met"
        if left := sum(not one.ended for one in rows):
            beside += f"; the last rung of {left:,} was never reached"
        columns = ("Clock", "Started", "Met", "Rungs", "Reached the last")
        inside = table(columns, [(x.words, *(f"{n:,}" for n in (x.started, x.met, x.rungs, x.ended))) for x in rows])
        yield from folded(f"{flow}: {_gap(flow)}", inside, id=f"ladders-{flow}", beside=escape(beside))
