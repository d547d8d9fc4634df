"""What Sharewell sends as one page of plain text, its sections in one order (issue 3, part 3; screens.md, part 7)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Section
from contracts.register import event_types
from router.compose import FLAGS
from router.moments import day_of, day_words, moment_words
from router.page_added import added
from router.page_values import (
    NOT_RECORDED,
    bullets,
    is_absent,
    label_of,
    labelled,
    name_words,
    number_words,
    value_words,
    wrapped,
)

WIDTH = 78
NO_ACTION = "No action is needed. For your record."
_NO_SUCH_PART = "An event of this kind has no such part."
_WITHHELD_HERE = "Withheld from you; see what was not shared, below."
_STANDING = {
    "update": "This is a newer version and replaces what you were sent before.",
    "cancelled": "CANCELLED by the sender. Do not act on it; note it in the record.",
}


def page(message: Mapping[str, Any], width: int = WIDTH) -> str:
    """A message of Sharewell's, parsed from JSON, as text. Its content names a child: whoever shows it records why."""
    maker = _PAGES.get(message["type"], _summary)
    lines = maker(message["data"], width)
    ends = [f"Delivery {message['data'].get('delivery_id', message['id'])}"]
    if message.get("sequence"):
        ends.append(f"number {int(message['sequence'])} to this team")
    return "\n".join([*lines, "", *wrapped(", ".join(ends) + ".", width, 0)]) + "\n"


def _summary(data: Mapping[str, Any], width: int) -> list[str]:
    event = data["event"]
    model = event_types().get(event["type"])
    title = f"A child {model.happened}" if model else f"A summary of {event['type']}"
    lines = [*wrapped(title, width, 0), moment_words(datetime.fromisoformat(event["time"]))]
    if words := _STANDING.get(data["standing"]):
        lines += wrapped(words, width, 0)
    lines += _heading("Who") + _who(data["child"], event["time"], width)
    lines += wrapped(f"For {data['to']['name']} ({Service(data['to']['service']).words}).", width, 2)
    lines += _heading("Why you") + _why(data, width)
    lines += _heading("What you are asked to do") + _asked(data["asked"], width)
    withheld = [w["what"] for w in data["withheld"]]
    for section, heading in _BEFORE_FLAGS:
        lines += _heading(heading) + _section(data[section.value], section, model, withheld, width)
    flags = [f"  {_WITHHELD_HERE}"] if FLAGS in withheld and not data["flags"] else _flags(data["flags"], width)
    lines += _heading("Flags") + flags
    lines += _heading("Context") + _section(data["context"], Section.CONTEXT, model, withheld, width)
    told = [Service(t["service"]).words + (f": {t['words']}" if t.get("words") else "") for t in data["told"]]
    lines += _heading("Who else was told") + (bullets(told, width) or ["  Nobody else."])
    left_out = [f"{w['what']}: {w['why']}" for w in data["withheld"]]
    lines += _heading("What was not shared with you, and why") + (bullets(left_out, width) or ["  Nothing."])
    lines += _heading("Author and call-back") + _section(data["author"], Section.AUTHOR, model, withheld, width)
    basis = _section(data["lawful_basis_and_consent"], Section.BASIS, model, withheld, width)
    lines += _heading("Lawful basis and consent") + basis + [""]
    lines += wrapped(f"Event {event['id']} ({event['type']}).", width, 0)
    if data.get("replaces"):
        lines += wrapped(f"This replaces delivery {data['replaces']}.", width, 0)
    return lines


_BEFORE_FLAGS = (
    (Section.WHAT_HAPPENED, "What happened"),
    (Section.RISK, "Risk and impact on the child"),
    (Section.VOICE, "Voice of the child"),
)


def _heading(words: str) -> list[str]:
    return ["", words.upper()]


def _who(child: Mapping[str, Any], at: str, width: int) -> list[str]:
    if unborn := child.get("unborn"):
        due = unborn.get("expected_date")
        said = f"Unborn child, expected {day_words(date.fromisoformat(due)) if due else 'on a date not known'}; "
        said += f"mother {name_words(unborn.get('mother'))}"
        nhs = unborn.get("mother_nhs_number")
        return wrapped(f"{said}{f', NHS number {number_words(nhs)}' if nhs else ''}.", width, 2)
    parts = [name_words(child.get("name"))]
    if born := child.get("birth_date"):
        parts.append(f"born {day_words(date.fromisoformat(born))} ({_age(born, at)})")
    else:
        parts.append("birth date not known")
    if nhs := child.get("nhs_number"):
        parts.append(f"NHS number {number_words(nhs)}")
    return wrapped(", ".join(parts) + ".", width, 2)


def _age(born: str, at: str) -> str:
    b, on = date.fromisoformat(born), day_of(datetime.fromisoformat(at))
    months = (on.year - b.year) * 12 + on.month - b.month - (on.day < b.day)
    if months < 24:
        return f"{months} month{'' if months == 1 else 's'} old"
    return f"{months // 12} years old"


def _why(data: Mapping[str, Any], width: int) -> list[str]:
    lines = wrapped(f"You are {data['relation']}.", width, 2)
    for why in data["why_you"]:
        when = "always" if why["words"] == "always" else f"because {why['words']}"
        lines += wrapped(f"- told {when} ({why['flow']}, {why['paragraph']})", width, 2)
    return lines


def _asked(asked: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    if not asked:
        return [f"  {NO_ACTION}"]
    said = []
    for one in asked:
        by = f" By {moment_words(datetime.fromisoformat(one['by']))}." if one.get("by") else ""
        said.append(f"{one['what']}{by}")
    return bullets(said, width)


def _flags(flags: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    if not flags:
        return ["  None is known to Sharewell."]
    return bullets(
        [
            f"{f['kind'].replace('-', ' ')}{' of ' + f['of'] if f.get('of') else ''}, since {value_words(f['since'])}; "
            f"{value_words(f['authority'])}; "
            f"contact {value_words(f['contact'])}"
            for f in flags
        ],
        width,
    )


def _section(
    content: Mapping[str, Any], section: Section, model: type[EventData] | None, withheld: Sequence[str], width: int
) -> list[str]:
    """The fields in the contract's order and with its labels; then what nobody recorded, told from what is withheld."""
    marks = field_marks(model) if model else {}
    own = {name: str(m["label"]) for name, m in marks.items() if m["section"] == section.value}
    lines = []
    for name in own:
        value = _untitled(content.get(name))
        if len(own) == 1 and isinstance(value, Mapping) and not is_absent(value):
            lines += [line for key, part in value.items() for line in labelled(label_of(key), part, width, key)]
        elif value is not None:
            lines += labelled(own[name], value, width, name)
    for name in content:
        if name not in own:
            label, words = added(name, content[name])
            lines += wrapped(f"{label}: {words}", width, 2)
    needed = [own[name] for name in own if model and _is_missed(model, name)]
    shown = {own[name] for name in own if content.get(name) is not None}
    missing = [label for label in needed if label not in shown and label not in withheld]
    if not lines and not needed:
        return [f"  {_NO_SUCH_PART}"]
    if not lines and any(label in withheld for label in own.values()):
        lines = [f"  {_WITHHELD_HERE}"]
    if missing:
        lines += wrapped(f"{NOT_RECORDED}: {', '.join(missing)}" if len(own) > 1 else f"{NOT_RECORDED}.", width, 2)
    return lines


def _is_missed(model: type[EventData], name: str) -> bool:
    """Whether its lack is worth a word: not so for what a contract asks for only where it applies.

    What every event may say (how to contact a family safely) is missed in all of them."""
    return model.model_fields[name].is_required() or name in EventData.model_fields


def _untitled(value: Any) -> Any:
    """A part without those of its fields that are simply not there."""
    if isinstance(value, Mapping) and not is_absent(value):
        return {k: v for k, v in value.items() if v is not None}
    return value


def _escalation(data: Mapping[str, Any], width: int) -> list[str]:
    lines = [*wrapped("Nobody has answered, and you are the next to be told", width, 0)]
    if child := data.get("child"):
        born = child.get("birth_date")
        known = f", born {day_words(date.fromisoformat(born))}" if born else ""
        lines += _heading("Who") + wrapped(f"{name_words(child.get('name'))}{known}.", width, 2)
    lines += _heading("What was expected") + wrapped(f"{data['words']} ({data['flow']}, {data['paragraph']})", width, 2)
    if data.get("unanswered_by"):
        lines += wrapped(f"No answer from {data['unanswered_by']}.", width, 2)
    since, due = (moment_words(datetime.fromisoformat(data[key])) for key in ("since", "due"))
    lines += wrapped(f"Waiting since {since}; due {due}.", width, 2)
    lines += wrapped(f"This is step {data['rung']} of {data['rungs']}.", width, 2)
    lines += _heading("What you are asked to do") + wrapped(data["asked"], width, 2)
    about = {"delivery_id": "Delivery", "task_id": "Task or refusal", "event_id": "Event"}
    lines += [""]
    for key, word in about.items():
        if data["about"].get(key):
            lines += wrapped(f"{word} {data['about'][key]}", width, 0)
    return lines


def _withdrawal(data: Mapping[str, Any], width: int) -> list[str]:
    lines = [*wrapped("What you were sent no longer stands", width, 0), "", *wrapped(data["words"], width, 2)]
    return [*lines, "", *wrapped(f"It withdraws delivery {data['withdraws']}.", width, 0)]


def _status(data: Mapping[str, Any], width: int) -> list[str]:
    lines = [*wrapped(f"What became of what {data['publisher']} sent", width, 0)]
    for entry in data["entries"]:
        about = f", of {entry['about']}" if entry.get("about") else ""
        lines += ["", *wrapped(f"Event {entry.get('event_id') or 'without an id'}: {entry['kind']}{about}", width, 2)]
        for problem in entry.get("problems", ()):
            lines += wrapped(f"- {problem['path'] or 'the record'}: {problem['message']} {problem['mend']}", width, 4)
        lines += _flags(entry["flags"], width) if entry["kind"] == "live-flags" else []
    return lines


_PAGES: Mapping[str, Callable[[Mapping[str, Any], int], list[str]]] = {
    "escalation-raised-1": _escalation,
    "share-withdrawn-1": _withdrawal,
    "publisher-status-1": _status,
}
