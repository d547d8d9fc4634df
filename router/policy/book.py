"""The rule book: every policy found in this folder, one per event, with its version and its checks."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from types import ModuleType

import router.policy
from router.policy.words import Expect, Fields, Policy, Tell


@dataclass(frozen=True, slots=True)
class Book:
    """All policies by event type; `version` changes with any word of them."""

    policies: Mapping[str, Policy]
    version: str
    counted: Mapping[str, tuple[str, ...]]
    """What earlier events are counted as ('ED attendance') → their types."""
    starters: Mapping[str, frozenset[str]]
    """An event type that meets or hastens clocks → the types whose events start them."""

    def of(self, event_type: str) -> Policy | None:
        """The entry for an event type; None where nothing follows from it."""
        return self.policies.get(event_type)


@lru_cache(maxsize=1)
def rule_book() -> Book:
    """The book made of every module in router/policy: a new flow is a new file there, and no edit elsewhere."""
    modules = (importlib.import_module(f"router.policy.{m.name}") for m in pkgutil.iter_modules(router.policy.__path__))
    return make_book(policy for module in modules for policy in policies_in(module))


def policies_in(module: ModuleType) -> Iterator[Policy]:
    """The policies a module defines, in the order they are written."""
    for value in vars(module).values():
        if isinstance(value, Policy):
            yield value


def make_book(found: Iterator[Policy]) -> Book:
    """A book of these policies; two entries for one event are refused."""
    policies: dict[str, Policy] = {}
    for policy in found:
        kind = policy.event.event_type
        if kind in policies and policies[kind] is not policy:
            raise ValueError(f"two policies for {kind}: put them into one entry")
        policies[kind] = policy
    text = "\n".join(line for kind in sorted(policies) for line in english(policies[kind]))
    counted: dict[str, tuple[str, ...]] = {}
    for kind, policy in policies.items():
        for name in policy.counts_as:
            counted[name] = (*counted.get(name, ()), kind)
    starters: dict[str, frozenset[str]] = {}
    for kind, policy in policies.items():
        for clock in policy.expectations:
            for ender in (*clock.met_by, *clock.at_once_on):
                starters[ender.event_type] = starters.get(ender.event_type, frozenset()) | {kind}
    return Book(policies, blake2b(text.encode(), digest_size=6).hexdigest(), counted, starters)


def english(policy: Policy, flow: str | None = None) -> list[str]:
    """One policy as English, a line a sentence; `flow` keeps the rows of one flow only."""
    event = policy.event
    lines = [f"When {' / '.join(sorted(s.words for s in event.published_by))} publishes that somebody {event.happened}"]
    lines[0] += f" ({event.event_type}), concerning {policy.concerning}:"
    for row in policy.shares:
        if flow in (None, row.because.flow):
            lines.append(_row(policy, row))
    for clock in policy.expectations:
        if flow in (None, clock.because.flow):
            lines.append(_clock(clock))
    for want in policy.wants:
        if flow in (None, want.because.flow):
            when = "".join(f", when {c.words}" for c in want.conditions)
            lines.append(f"  feed back when there is no {want.words}{when}. [{_cited(want.because)}]")
    if policy.answers_live_flags and flow in (None, "F05"):
        lines.append("  answer the publisher with the child's live flags. [F05, 1.18]")
    return lines if len(lines) > 1 or flow is None else []


def _row(policy: Policy, row: Tell) -> str:
    when = f" when {' and '.join(c.words for c in row.conditions)}" if row.conditions else " always"
    ask = ""
    if row.ask:
        ask = f", and ask: {row.ask.what}" + (f" {row.ask.within.words}" if row.ask.within else "")
    sees = f"; may see {', '.join(sorted(row.may_see))}" if row.may_see else ""
    return f"  tell the {row.who}{when}{ask}; gets {_fields(row.gets)}{sees}. [{_cited(row.because)}]"


def _fields(fields: Fields) -> str:
    what = "all that the contract shows" if fields.only is None else ", ".join(sorted(fields.only)).replace("_", " ")
    if fields.but:
        what += f" but {', '.join(sorted(fields.but)).replace('_', ' ')}"
    return what + (f", with {', '.join(sorted(fields.adds))}" if fields.adds else "")


def _clock(clock: Expect) -> str:
    ladder = ", then ".join(f"{r.owner.words} ({r.within.words})" for r in clock.else_tell)
    when = f" when {' and '.join(c.words for c in clock.conditions)}" if clock.conditions else ""
    met = f"; met by {' or '.join(e.event_type for e in clock.met_by)}" if clock.met_by else ""
    return (
        f"  expect: {clock.words} {clock.within.words}{when}{met}; else tell {ladder}; "
        f"then a task stays open until a named person closes it. [{_cited(clock.because)}]"
    )


def _cited(gap: object) -> str:
    flow, paragraph = getattr(gap, "flow", ""), getattr(gap, "paragraph", "")
    return f"{flow}, local decision" if getattr(gap, "local", False) else f"{flow}, {paragraph}"
