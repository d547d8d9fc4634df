"""What Sharewell adds to a summary's context, in words: earlier events, the household, services, the adult."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.parts.services import Service
from router.page_values import label_of, name_words, value_words


def added(name: str, value: Any) -> tuple[str, str]:
    """The label and the words of one addition; one that is not known here is told by its fields."""
    if name not in _ADDED:
        return label_of(name), value_words(value, name)
    label, words = _ADDED[name]
    return label, words(value)


def _earlier(value: Any) -> str:
    return "; ".join(
        f"{one['what']}, {one['count']} in {one['window_days']} days ({', '.join(map(_short, one['dates']))})"
        + (f" at {', '.join(one['places'])}" if one.get("places") else "")
        for one in value
    )


def _household(value: Any) -> str:
    return "; ".join(
        name_words(one.get("name")) + (f", born {_short(one['birth_date'])}" if one.get("birth_date") else "")
        for one in value["other_children_you_work_with"]
    )


def _services(value: Any) -> str:
    return "; ".join(f"{Service(one['service']).words}, since {_short(one['since'])}" for one in value)


def _linked(value: Any) -> str:
    return "; ".join(f"{one['type']} of {_short(one['date'])}" for one in value)


def _adult(value: Any) -> str:
    return "; ".join(f"{name_words(one.get('name'))} ({one['relationship']})" for one in value)


def _quality(value: Any) -> str:
    return "; ".join(f"{one['words']} ({one['flow']}, {one['paragraph']})" for one in value)


def _short(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.day} {on:%B} {on.year}"


_ADDED: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "earlier": ("Earlier events", _earlier),
    "household": ("Other children there that you work with", _household),
    "services": ("Services working with the child", _services),
    "linked": ("Earlier events about the same thing", _linked),
    "adult": ("The adult", _adult),
    "quality": ("The sender was told that this is missing", _quality),
}
