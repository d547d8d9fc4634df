"""One child's story in the order of time: what happened, who was told, who answered and who did not."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from adapters.storage.records import UNSENT
from adapters.storage.rows import ClockRow, EventRow, ReceiptRow
from contracts.parts.event import field_marks
from contracts.register import event_types
from deploy.demo.words import clock, day_and_clock
from deploy.story import Story, Told
from router.moments import day_of, day_words
from router.page_values import name_words, value_words

SAID = ("risk_level", "account", "presenting_complaint", "diagnosis", "injury", "clinic", "what_was_due", "decision")
"""Of what happened, the fields that a listener wants first."""
RUNGS = {"acknowledged": "read it", "filed": "filed it", "acted": "acted on it"}
AGAIN = {
    "not-ours": "after another team said that the child is not theirs",
    "match": "now that a person has said whose record it is",
    "nobody-found": "now that a person has said who must be told",
}


class Line(NamedTuple):
    """One thing that happened; `under` are what belongs to it."""

    at: datetime
    text: str
    under: tuple[str, ...] = ()


def title(story: Story) -> str:
    """Who it is about."""
    doc = story.doc
    if "born" not in doc:
        return "An unborn child"
    return f"{name_words(doc.get('name'))}, born {day_words(date.fromisoformat(doc['born']))}"


def tale(story: Story) -> list[Line]:
    """Everything of the story, by time."""
    numbers = {event.id: n for n, event in enumerate(story.events, 1)}
    by_no = {event.no: n for n, event in enumerate(story.events, 1)}
    lines = [_happened(story, event, n) for n, event in enumerate(story.events, 1)]
    for told in story.told:
        n = numbers.get(told.row.event or "")
        of = f"[{n}]" if n else "it"
        if told.row.kind == "summary" and told.row.because:
            lines.append(Line(told.row.kept_at, f"{_name(story, told)} was told of {of}, {AGAIN[told.row.because]}."))
        elif told.row.kind == "withdrawal" and told.row.state != UNSENT:
            lines.append(
                Line(told.row.kept_at, f"{_name(story, told)} was told that what it had been sent is withdrawn.")
            )
        lines += _answers(story, told, of)
    for one in story.clocks:
        n = by_no.get(one.event_no or 0)
        lines += _ran_out(story, one, f" [{n}]" if n else "")
    for task in story.tasks:
        if task.kind != "unanswered":
            lines.append(Line(task.raised_at, f"A task for {story.cover.name(task.owner)}: {task.words}"))
        if task.closed_at:
            lines.append(Line(task.closed_at, f"{task.closed_by} closed the task: {task.reason}."))
    return sorted(lines, key=lambda line: line.at)


def ending(story: Story) -> str:
    """How it stands now."""
    summaries = [t for t in story.told if t.row.kind == "summary"]
    read = [t for t in summaries if any(r.by_kind == "person" for r in t.receipts)]
    never = ", ".join(dict.fromkeys(_name(story, t) for t in summaries if t not in read))
    said = f"{len(summaries)} summaries were sent about this child, and a person answered {len(read)} of them"
    said += f"; never answered: {never}." if never else "."
    open_tasks = [t for t in story.tasks if t.state != "closed"]
    if not open_tasks:
        return f"{said} Nothing is left open."
    owners = ", ".join(dict.fromkeys(story.cover.name(t.owner) for t in open_tasks))
    return f"{said} Left open, until a named person closes it with a reason: {len(open_tasks)} with {owners}."


def _happened(story: Story, event: EventRow, n: int) -> Line:
    model = event_types().get(event.type)
    publisher = story.cover.publishers.get(event.publisher)
    who = story.cover.name(publisher.team) if publisher else event.publisher
    verb = {"new": "publishes", "update": "corrects", "cancel": "cancels"}[event.action]
    what = f"the child {model.happened}" if model else event.type
    told = [t for t in story.told if t.row.event == event.id and t.row.kind == "summary" and not t.row.because]
    under = [*_account(told, event.type), *(_was_told(story, t) for t in told)]
    if not told:
        under.append("Nobody has to be told of it about this child.")
    return Line(event.accepted_at, f"[{n}] {who} {verb}: {what}.", tuple(under))


def _account(told: list[Told], event_type: str) -> Iterator[str]:
    """What happened, in the words of whoever was told most."""
    parts: list[dict[str, Any]] = [
        {**t.message["data"]["what_happened"], **t.message["data"]["risk_and_impact"]} for t in told
    ]
    most = max(parts, key=len, default={})
    model = event_types().get(event_type)
    marks = field_marks(model) if model else {}
    for name in SAID:
        if name in most and name in marks:
            yield f"{marks[name]['label']}: {value_words(most[name], name)}"


def _was_told(story: Story, told: Told) -> str:
    data = told.message["data"]
    said = f"Told: {_name(story, told)}, {data['relation']}."
    for ask in data["asked"]:
        by = f", by {day_and_clock(datetime.fromisoformat(ask['by']))}" if ask.get("by") else ""
        said += f" Asked: {ask['what'].rstrip('.')}{by}."
    if data["withheld"]:
        said += f" Left out: {'; '.join(_left_out(w) for w in data['withheld'])}."
    return said


def _left_out(one: dict[str, str]) -> str:
    why = "not needed for this" if one["why"].startswith("not needed") else one["why"]
    return f"{one['what'][0].lower()}{one['what'][1:]} ({why.replace(' (', ', ').replace(')', '').replace(';', ',')})"


def _name(story: Story, told: Told) -> str:
    return story.cover.name(told.row.team)


def _answers(story: Story, told: Told, of: str) -> Iterator[Line]:
    """What people of the team said: one line for the first, the later rungs in it."""
    people = sorted((r for r in told.receipts if r.by_kind == "person"), key=lambda r: r.at)
    if not people:
        return
    first = people[0]
    team = _name(story, told)
    role = "" if first.by_role.casefold() in team.casefold() else f"{first.by_role}, "
    who = f"{first.by_name} ({role}{team})"
    if first.state == "not-ours":
        hint = f", and names {story.cover.name(first.hint)}" if first.hint else ""
        yield Line(first.at, f"{who} answers {of}: not ours{hint}. It is an incident too: it reached the wrong place.")
        return
    what = "the alert" if told.row.kind == "escalation" else of
    late = any(c.delivery == told.row.id and c.fired for c in story.clocks)
    steps = [_step(r, people[i - 1].at if i else None, what) for i, r in enumerate(people)]
    yield Line(first.at, f"{who} {', '.join(steps)}{' – late' if late else ''}.")


def _step(receipt: ReceiptRow, before: datetime | None, what: str) -> str:
    said = RUNGS[receipt.state].replace("it", what) if before is None else RUNGS[receipt.state]
    when = ""
    if before is not None:
        same_day = day_of(before) == day_of(receipt.at)
        when = f" at {clock(receipt.at)}" if same_day else f" on {day_and_clock(receipt.at)}"
    more = f" ({receipt.record_ref})" if receipt.record_ref else ""
    more = f" ({receipt.outcome.replace('-', ' ')})" if receipt.outcome else more
    return f"{said}{more}{when}"


def _ran_out(story: Story, one: ClockRow, of: str) -> Iterator[Line]:
    """Each rung of a clock that fired."""
    team = story.cover.name(one.team) if one.team else "Nobody"
    for rung, (at, owner) in enumerate(one.fired):
        whom = story.cover.name(owner) if owner else "nobody in the directory"
        if one.task is not None:
            why = f"Nobody has closed the task{of}."
        elif one.needs == "happen":
            why = f"What must follow{of} has not come: {one.words}."
        else:
            why = f"{team} has not answered{of}." if not rung else f"{team} has still not answered{of}."
        ends = one.state == "exhausted" and one.task is None and rung == len(one.fired) - 1
        last = " The ladder ends here: a task stays open." if ends else ""
        yield Line(datetime.fromisoformat(at), f"{why} {whom} is told.{last}")
