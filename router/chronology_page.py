"""A chronology as plain text that prints, and as one self-contained page of HTML."""

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from typing import Any

from contracts.parts.event import field_marks
from contracts.register import event_types
from router.chronology import Chronology, Entry
from router.moments import day_of, day_words, moment_words
from router.page_frame import whole
from router.page_values import is_absent, label_of, labelled, name_words, number_words, value_words, wrapped
from router.patterns import Pattern

NOTHING = "Nothing has been published about this child."
NO_PATTERN = "No rule finds one in what is shown here."
WHAT_A_PATTERN_IS = (
    "A pattern counts facts that are shown here, by a rule with a name and a day. It says nothing about why, and it "
    "is no score of a child or a family."
)
HEADINGS = {
    "what_happened": "",
    "risk_and_impact": "Assessment, in the author's words",
    "voice_of_child": "Voice of the child",
    "context": "Context",
}
ANSWERS = {"acknowledged": "read and acknowledged", "not-ours": "answered: not ours", "acted": "acted upon"}
STYLE = """
body { max-width: 48rem }
article { break-inside: avoid; margin: 1.2rem 0; padding-left: .8rem; border-left: 4px solid #345 }
article.withheld { border-left: 4px dotted #888; color: #444 }
article.cancelled h3 { text-decoration: line-through }
article h3 { font-size: 1rem; margin: 0 }
article p, ul { margin: .2rem 0 }
dl { margin: .2rem 0 }
dt { font-weight: 600; float: left; margin-right: .4rem }
dt::after { content: ":" }
dd { margin: 0 0 .15rem 0 }
@media print { body { max-width: none } }
"""


def as_text(made: Chronology, width: int = 78) -> str:
    """The chronology as text; whoever shows it records why (its content names a child)."""
    lines = ["CHRONOLOGY", *wrapped(_who(made), width, 0), *wrapped(_for_whom(made), width, 0), ""]
    if not made.entries:
        return "\n".join([*lines, NOTHING]) + "\n"
    lines += ["PATTERNS"]
    for pattern in made.patterns:
        lines += [*wrapped(_pattern(pattern), width, 2), *wrapped(_rule(pattern), width, 4)]
    lines += wrapped(NO_PATTERN, width, 2) if not made.patterns else wrapped(WHAT_A_PATTERN_IS, width, 2)
    lines += ["", "ENTRIES"]
    for entry in made.entries:
        lines += ["", *_entry(entry, width)]
    lines += ["", "STILL OPEN"]
    for one in made.still_open or ("Nothing about what is shown here.",):
        lines += wrapped(f"- {one}", width, 2)
    return "\n".join(lines) + "\n"


def _who(made: Chronology) -> str:
    if made.born is None:
        when = f", expected {day_words(date.fromisoformat(made.expected))}" if made.expected else ""
        return f"An unborn child{when}."
    nhs = f", NHS number {number_words(made.nhs)}" if made.nhs else ""
    return f"{name_words(made.name)}, born {day_words(date.fromisoformat(made.born))}{nhs}."


def _for_whom(made: Chronology) -> str:
    withheld = sum(e.withheld is not None for e in made.entries)
    count = f"{len(made.entries)} {'entry' if len(made.entries) == 1 else 'entries'}, {withheld} of them withheld"
    return f"As {made.reader_words} may read it, made {moment_words(made.made_at)}; {count}."


def _pattern(pattern: Pattern) -> str:
    numbers = ", ".join(map(str, pattern.entries))
    return f"{pattern.words[:1].upper()}{pattern.words[1:]} (entries {numbers})."


def _rule(pattern: Pattern) -> str:
    return f"Rule '{pattern.rule}' of {day_words(pattern.agreed)}; {pattern.flow}, {pattern.cited}."


def _head(entry: Entry) -> str:
    if entry.withheld is not None:
        return f"{entry.number}. {day_words(day_of(entry.at))}: withheld"
    return f"{entry.number}. {moment_words(entry.at)}: the child {entry.what}"


def _entry(entry: Entry, width: int) -> list[str]:
    lines = wrapped(_head(entry), width, 0)
    if entry.withheld is not None:
        return [*lines, *wrapped(f"This entry is not shown: {entry.withheld}.", width, 4)]
    lines += [line for words in _about(entry) for line in wrapped(words, width, 4)]
    for section, fields in (entry.sections or {}).items():
        shown = list(_fields(entry, fields))
        if shown and HEADINGS[section]:
            lines += [f"    {HEADINGS[section]}"]
        lines += [f"  {line}" for label, value, name in shown for line in labelled(label, value, width - 2, name)]
    for what, why in entry.left_out:
        lines += wrapped(f"Withheld: {what}: {why}", width, 4)
    return [*lines, *(line for words in _who_else(entry) for line in wrapped(words, width, 4))]


def _about(entry: Entry) -> Iterator[str]:
    yield f"From {entry.by}."
    if entry.standing == "cancelled":
        yield "Taken back by the sender. Do not act on it."
    if entry.standing == "corrected":
        yield "This is the newest version; the sender corrected an earlier one."


def _fields(entry: Entry, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """(label, value, name) of what was recorded."""
    marks = field_marks(event_types()[entry.type]) if entry.type in event_types() else {}
    for name, value in fields.items():
        if value is None or is_absent(value):
            continue
        if isinstance(value, Mapping):
            value = {k: v for k, v in value.items() if v is not None and not is_absent(v)}
        yield str(marks.get(name, {}).get("label", label_of(name))), value, name


def _who_else(entry: Entry) -> Iterator[str]:
    told = "; ".join(f"{service}: {ANSWERS.get(state, state)}" for service, state in entry.told)
    yield f"Told: {told}." if told else "Nobody was told of it about this child."
    yield f"May see it: {', '.join(entry.may_see) or 'only whoever published it'}."
    yield f"Source: event {entry.event} ({entry.type})."


def as_html(made: Chronology) -> str:
    """The chronology as one page: no script, nothing loaded, and no name in its title."""
    body = ["<h1>Chronology</h1>", f"<p>{escape(_who(made))}</p>", f"<p>{escape(_for_whom(made))}</p>"]
    if not made.entries:
        body.append(f"<p>{NOTHING}</p>")
    else:
        body.append("<h2>Patterns</h2>")
        found = "".join(
            f'<li>{escape(_pattern(p))}<br><span class="small">{escape(_rule(p))}</span></li>' for p in made.patterns
        )
        body.append(f"<ul>{found}</ul><p>{escape(WHAT_A_PATTERN_IS)}</p>" if found else f"<p>{NO_PATTERN}</p>")
        body += ["<h2>Entries</h2>", *map(_article, made.entries)]
        still = "".join(f"<li>{escape(one)}</li>" for one in made.still_open)
        body.append(f"<h2>Still open</h2><ul>{still or '<li>Nothing about what is shown here.</li>'}</ul>")
    return whole("Chronology", body, STYLE)


def _article(entry: Entry) -> str:
    kind = "withheld" if entry.withheld is not None else entry.standing
    head = f'<article class="{kind}"><h3>{escape(_head(entry))}</h3>'
    if entry.withheld is not None:
        return f"{head}<p>This entry is not shown: {escape(entry.withheld)}.</p></article>"
    out = [head, *(f"<p>{escape(words)}</p>" for words in _about(entry))]
    for section, fields in (entry.sections or {}).items():
        rows = [
            f"<dt>{escape(label)}</dt><dd>{escape(value_words(value, name))}</dd>"
            for label, value, name in _fields(entry, fields)
        ]
        title = f"<p><b>{HEADINGS[section]}</b></p>" if rows and HEADINGS[section] else ""
        out.append(f"{title}<dl>{''.join(rows)}</dl>" if rows else "")
    out += [f"<p>Withheld: {escape(what)}: {escape(why)}</p>" for what, why in entry.left_out]
    out += [f'<p class="small">{escape(words)}</p>' for words in _who_else(entry)]
    return "".join(out) + "</article>"
