"""One child's story, from the ledger alone: what happened, who was told and why, what they answered, clocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from adapters.storage.reading import Reading, Which
from adapters.storage.records import UNSENT
from adapters.storage.rows import ClockRow, DeliveryRow, EventRow, ReceiptRow, TaskRow
from contracts.register import event_types
from router.chronicle import ids_of, is_of
from router.directory import Cover
from router.moments import day_words, moment_words
from router.page_values import name_words

LADDER_WORDS = {
    "collected": "collected",
    "validated": "checked",
    "matched": "matched to the record",
    "acknowledged": "read and acknowledged",
    "filed": "filed in the record",
    "acted": "acted upon",
    "not-ours": "answered: not ours",
    "failed": "could not be taken",
}
_AGAIN = {
    "not-ours": ", after another team said the child was not theirs",
    "match": ", after a person said whose record it is",
    "nobody-found": ", after a person said who must be told",
}
NOT_SENT = {
    "kept": "waiting to be sent",
    "held": "held: its destination is paused",
    "sending": "being sent now",
    UNSENT: "withdrawn before it was sent",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery with what it says and what came back."""

    row: DeliveryRow
    message: Mapping[str, Any]
    receipts: tuple[ReceiptRow, ...]


@dataclass(slots=True)
class Story:
    """Everything the ledger has about one child; it names the child."""

    child: str
    doc: Mapping[str, Any]
    cover: Cover
    now: datetime
    events: list[EventRow] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    clocks: list[ClockRow] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)


async def read_story(reading: Reading, child: str) -> Story | None:
    """The story of a child by Sharewell's own key; None where there is no such person."""
    doc = await reading.person(child)
    if doc is not None and "same_as" in doc:  # under a number that was superseded: it is the story of who that is now
        child = doc["same_as"]
        doc = await reading.person(child)
    if doc is None:
        return None
    story = Story(child, doc, await reading.cover(), await reading.now())
    events: dict[int, EventRow] = {}
    place: Any = doc
    ids = ids_of(child, place)
    for key in ids:
        events |= {e.no: e for e in await reading.events_of(key) if is_of(place, key, e.happened_at)}
        story.clocks += await reading.clocks(child=key)
        story.tasks += await reading.tasks(child=key, closed=True, limit=1000)
    story.events = sorted(events.values(), key=lambda e: (e.happened_at, e.no))
    rows = list(reversed(await reading.deliveries(Which(children=list(ids), limit=10_000))))
    receipts = await reading.receipts([d.id for d in rows])
    for row in rows:
        found = await reading.message(row.id)
        message = found[0] if found else {"data": {}}
        story.told.append(Told(row, message, tuple(r for r in receipts if r.delivery == row.id)))
    return story


def tell(story: Story) -> list[str]:
    """The story in plain English, a line a sentence; indents say what belongs to what."""
    lines = [_who(story), ""]
    if not story.events and not story.told:
        return [*lines, "Nothing has been published about this child."]
    for event in story.events:
        lines += [*_event(story, event), ""]
    rest = [t for t in story.told if t.row.event not in {e.id for e in story.events}]
    if rest:
        lines += ["Besides:", *(line for told in rest for line in _told(story, told)), ""]
    open_tasks = [t for t in story.tasks if t.state != "closed"]
    running = [c for c in story.clocks if c.state in ("running", "paused")]
    lines.append(
        f"Still open: {_count(len(running), 'clock')} running, {_count(len(open_tasks), 'task')} for a person."
        if running or open_tasks
        else "Nothing is open: every clock was met or has ended, and every task is closed."
    )
    return lines


def _who(story: Story) -> str:
    doc = story.doc
    if "born" not in doc:
        expected = doc.get("expected")
        return (
            f"An unborn child, expected {day_words(date.fromisoformat(expected))}." if expected else "An unborn child."
        )
    return f"{name_words(doc.get('name'))}, born {day_words(date.fromisoformat(doc['born']))}."


def _event(story: Story, event: EventRow) -> list[str]:
    model = event_types().get(event.type)
    said = f"that the child {model.happened}" if model else f"an event ({event.type})"
    publisher = story.cover.publishers.get(event.publisher)
    who = story.cover.name(publisher.team) if publisher else event.publisher
    verb = {
        "new": "published",
        "update": "corrected what it had published:",
        "cancel": "cancelled what it had published:",
    }
    lines = [f"{moment_words(event.happened_at)}: {who} {verb[event.action]} {said}."]
    if event.wanted > event.present:
        lines.append(
            f"  Of {event.wanted} marks of quality {event.present} were there; the publisher was told which were not."
        )
    told = [t for t in story.told if t.row.event == event.id]
    for one in told:
        lines += _told(story, one)
    if not told:
        lines.append("  Nobody had to be told of it about this child.")
    lines += [_task(story, task) for task in story.tasks if task.event_no == event.no]
    return lines + [_clock(story, c) for c in story.clocks if c.event_no == event.no and c.task is None]


def _told(story: Story, told: Told) -> Iterator[str]:
    data, row = told.message["data"], told.row
    team = story.cover.name(row.team)
    if row.kind == "escalation":
        yield f"  {team} was told that nobody had answered: {data['words']}."
    elif row.kind == "withdrawal":
        if row.state == UNSENT:
            yield f"  {team} had been sent nothing yet: nothing is withdrawn from it."
            return
        yield f"  {team} was told that what it had been sent no longer stands."
    else:
        yield f"  {team} was told, as {data['relation']}{_AGAIN.get(row.because or '', '')}."
        for ask in data["asked"]:
            what = ask["what"].rstrip(".")
            before = " By" if what.endswith("?") else ", by"
            by = f"{before} {moment_words(datetime.fromisoformat(ask['by']))}" if ask.get("by") else ""
            yield f"    Asked: {what}{by}."
        if data["withheld"]:
            yield f"    Withheld from it: {_left_out(data['withheld'])}."
    yield f"    {_ladder(told)}"


def _left_out(withheld: Iterable[Mapping[str, str]]) -> str:
    """What was withheld, each reason said once."""
    by_reason: dict[str, list[str]] = {}
    for one in withheld:
        by_reason.setdefault(one["why"], []).append(one["what"])
    return "; ".join(f"{', '.join(what)} ({why})" for why, what in by_reason.items())


def _ladder(told: Told) -> str:
    """How far up the receipt ladder it came, and who said each rung."""
    row = told.row
    sent = f"sent as number {row.sequence} to this team" if row.sequence else row.state
    steps = [NOT_SENT.get(row.state, sent)]
    for r in told.receipts:
        by = f"by {r.by_name}, {r.by_role}" if r.by_kind == "person" else "by its system"
        more = f" ({r.record_ref})" if r.record_ref else f" ({r.outcome.replace('-', ' ')})" if r.outcome else ""
        steps.append(f"{LADDER_WORDS[r.state]}{more} {moment_words(r.at)} {by}")
    if row.state == "replaced":
        steps.append("replaced since")
    return f"It was {'; '.join(steps)}."


def _task(story: Story, task: TaskRow) -> str:
    ended = {"open": "It is open.", "claimed": f"{task.claimed_by} has it."}.get(
        task.state, f"{task.closed_by} closed it: {task.reason}."
    )
    return f"  A task for {story.cover.name(task.owner)}: {task.words} {ended}"


def _clock(story: Story, clock: ClockRow) -> str:
    first = datetime.fromisoformat(clock.steps[0][0])
    climbed = [
        f"{moment_words(datetime.fromisoformat(at))} {story.cover.name(owner) if owner else 'nobody in the directory'}"
        for at, owner in clock.fired
    ]
    rang = f" It ran out; told: {', then '.join(climbed)}." if climbed else ""
    ends = {
        "met": f"met {moment_words(clock.ended_at)} ({clock.ended_how})" if clock.ended_at else "met",
        "running": "running still",
        "paused": "its time stands still",
        "exhausted": "its last rung has fired, and a task stays open",
        "stopped": f"stopped ({clock.ended_how})",
    }
    team = f" ({story.cover.name(clock.team)})" if clock.team else ""
    turned = "".join(
        f" {t[0].capitalize()} {moment_words(datetime.fromisoformat(t[1]))}{f' ({t[4]})' if t[4] else ''}."
        for t in clock.turned
    )
    return f"  Clock: {clock.words}{team}, due {moment_words(first)}; {ends[clock.state]}.{turned}{rang}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
