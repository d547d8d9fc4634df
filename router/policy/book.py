"""The rule book: every policy found in this folder, one per event, with its version and its checks."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from types import ModuleType

import router.policy
from router.policy.english import english
from router.policy.source import source_of
from router.policy.words import Policy, kinds

__all__ = ["Book", "english", "make_book", "policies_in", "rule_book"]


@dataclass(frozen=True, slots=True)
class Book:
    """All policies by event type; `version` changes with any word of them, and with the code behind the words."""

    policies: Mapping[str, Policy]
    version: str
    counted: Mapping[str, tuple[str, ...]]
    """What earlier events are counted as ('ED attendance') → their types."""
    starters: Mapping[str, frozenset[str]]
    """An event type that meets or hastens clocks → the types whose events start them."""
    turners: Mapping[str, frozenset[str]]
    """An event that pauses, resumes, re-rates or answers clocks (or a kind it is taken as) → the same."""
    askers: frozenset[str]
    """Events that ask each recipient for an answer of its own."""
    answers: frozenset[str]
    """The events that are such answers."""
    answered: frozenset[str] = frozenset()
    """Event types whose senders some row tells back: who sent them is remembered."""

    def of(self, event_type: str) -> Policy | None:
        """The entry for an event type; None where nothing follows from it."""
        return self.policies.get(event_type)


@lru_cache(maxsize=1)
def rule_book() -> Book:
    """The book made of every module in router/policy: a new flow is a new file there, and no edit elsewhere."""
    modules = [importlib.import_module(f"router.policy.{m.name}") for m in pkgutil.iter_modules(router.policy.__path__)]
    found = [(module.__name__, policy) for module in modules for policy in policies_in(module)]
    return make_book((policy for _, policy in found), {name for name, _ in found})


def policies_in(module: ModuleType) -> Iterator[Policy]:
    """The policies a module defines, in the order they are written."""
    for value in vars(module).values():
        if isinstance(value, Policy):
            yield value


def make_book(found: Iterator[Policy], modules: Iterable[str] = ()) -> Book:
    """A book of these policies, written in these modules; two entries for one event are refused."""
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
        for taken in policy.taken_as:
            if taken.counted_as:
                counted[taken.counted_as] = (*counted.get(taken.counted_as, ()), taken.kind)
    starters: dict[str, frozenset[str]] = {}
    turners: dict[str, frozenset[str]] = {}
    askers: set[str] = set()
    answers: set[str] = set()
    for kind, policy in policies.items():
        for clock in policy.expectations:
            answer = clock.to == "answer"
            for ender in kinds(clock.at_once_on if answer else (*clock.met_by, *clock.at_once_on)):
                starters[ender] = starters.get(ender, frozenset()) | {kind}
            turning = kinds((*clock.paused_by, *clock.resumed_by, *clock.re_rated_by))
            for turner in (*turning, *(kinds(clock.met_by) if answer or clock.paused_by else ())):
                turners[turner] = turners.get(turner, frozenset()) | {kind}
            if answer:
                askers.add(kind)
                answers.update(kinds(clock.met_by))
    answered = frozenset(e.event_type for p in policies.values() for row in p.shares for e in row.sent)
    code = source_of((policies[kind] for kind in sorted(policies)), modules)
    version = blake2b("\0".join((text, *code)).encode(), digest_size=6).hexdigest()
    return Book(
        policies, version, counted, starters, turners, frozenset(askers), frozenset(answers), answered
    )  # fmt: skip
