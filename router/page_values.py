"""Values of a message in words: names, numbers, times, coded absences and nested parts, wrapped to a line's width."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from contracts.parts.services import Service
from router.moments import day_words, moment_words

NOT_RECORDED = "Not recorded by the sender"
_ABSENT = {
    "not-recorded": NOT_RECORDED,
    "not-asked": "Not asked",
    "asked-refused": "Asked, and the answer was refused",
    "asked-not-known": "Asked, and not known",
    "unable-to-ask": "It was not possible to ask",
    "withheld": "Withheld by the sender",
    "not-applicable": "Not applicable",
    "none": "Asked, and there is none",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:")
_CODED = re.compile(r"[a-z]+(-[a-z]+)+")
_NUMBER = re.compile(r"\b([0-9]{3}) ([0-9]{3}) ([0-9]{4})\b")
_SERVICES = frozenset(Service)
_OF_SERVICES = frozenset({"service", "of", "owner", "referred_by", "referred_to"})


_UNSEEN: dict[int, str] = dict.fromkeys(
    (*range(9), *range(14, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    "\N{REPLACEMENT CHARACTER}",
)
_UNSEEN |= dict.fromkeys((11, 12, 13, 0x2028, 0x2029), " ")
"""What a screen obeys and nobody sees: terminals' escape sequences, and marks that turn the text around."""


def seen(text: str) -> str:
    """A text as it may be shown: nothing in it clears the screen, hides a warning or writes over another line."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSEEN)


def name_words(name: Any) -> str:
    """'MARSH, Jude'; what is missing is said (screens.md, part 2)."""
    if isinstance(name, Mapping) and "family" in name:
        return seen(f"{str(name['family']).upper()}, {name['given']}")
    return f"name: {absent_words(name)}" if isinstance(name, Mapping) else "name not known"


def number_words(nhs: str) -> str:
    """'999 123 4567'."""
    return f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}"


def absent_words(value: Mapping[str, Any]) -> str:
    """A coded absence as a reader takes it: why there is nothing."""
    return _ABSENT.get(str(value.get("absent")), NOT_RECORDED)


def is_absent(value: Any) -> bool:
    """Whether a value is a coded absence."""
    return isinstance(value, Mapping) and value.keys() == {"absent"}


def label_of(name: str) -> str:
    """A field's name as a label, where the contract gives none."""
    return name.replace("_", " ").capitalize()


def value_words(value: Any, name: str = "") -> str:
    """Any value on one line."""
    return seen(_value_words(value, name))


def _value_words(value: Any, name: str) -> str:
    match value:
        case None:
            return NOT_RECORDED
        case bool():
            return "yes" if value else "no"
        case str():
            return _text(value, name)
        case Mapping() if is_absent(value):
            return absent_words(value)
        case Mapping() if value.keys() == {"family", "given"}:
            return name_words(value)
        case {"answer": answer, **rest} if rest.keys() <= {"reason"}:
            return f"{value_words(answer)} ({rest['reason']})" if rest.get("reason") else value_words(answer)
        case Mapping():
            parts = (f"{label_of(key).lower()}: {value_words(part, key)}" for key, part in value.items())
            return "; ".join(parts) or NOT_RECORDED
        case list() | tuple():
            return ", ".join(value_words(one, name) for one in value) or "none"
        case _:
            return str(value)


def _text(value: str, name: str) -> str:
    if name in _OF_SERVICES and value in _SERVICES:
        return Service(value).words
    if name == "nhs_number" or name.endswith("_nhs_number"):
        return number_words(value)
    try:
        if _DAY.fullmatch(value):
            return day_words(date.fromisoformat(value))
        if _MOMENT.match(value):
            return moment_words(datetime.fromisoformat(value))
    except ValueError:
        return value
    return value.replace("-", " ") if _CODED.fullmatch(value) else value


def labelled(label: str, value: Any, width: int, name: str = "") -> list[str]:
    """'Label: value', wrapped under itself; a part that is long takes a line for each of its fields."""
    said = value_words(value, name)
    if isinstance(value, Mapping) and len(value) > 1 and len(said) > 2 * width:
        lines = [f"  {label}:"]
        for key, part in value.items():
            lines += wrapped(f"{label_of(key)}: {value_words(part, key)}", width, 4)
        return lines
    if isinstance(value, list | tuple) and len(value) > 1 and all(isinstance(one, Mapping) for one in value):
        lines = [f"  {label}:"]
        for one in value:
            lines += wrapped(f"- {value_words(one, name)}", width, 4)
        return lines
    return wrapped(f"{label}: {said}", width, 2)


def wrapped(text: str, width: int, indent: int) -> list[str]:
    """A paragraph at an indent, its later lines two further in; an NHS number stays on one line."""
    kept_whole = _NUMBER.sub("\\1\N{NO-BREAK SPACE}\\2\N{NO-BREAK SPACE}\\3", seen(text))
    first, later = " " * indent, " " * (indent + 2)
    lines = textwrap.wrap(kept_whole, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] or [""]


def bullets(texts: Sequence[str], width: int) -> list[str]:
    """One line or more a text, each with its dash."""
    return [line for text in texts for line in wrapped(f"- {text}", width, 2)]
