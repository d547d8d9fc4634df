"""Which stories show who must not see something: read from the tests themselves, so that none is named that is not."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.parts.event import field_marks
from router.policy.book import Book
from router.policy.words import Policy

_FLOW = re.compile(r"^test_f([0-9]{2})_")
_OF_A_RULE = {"test_hand_on.py": "A"}
"""Stories of a routing rule that is no flow of its own."""


@dataclass(frozen=True, slots=True)
class Story:
    """One test function of a flow: its name, and the words it says are withheld or not there."""

    flow: str
    file: str
    name: str
    denies: frozenset[str]
    """Strings in its statements that something is withheld, is not there or is none."""


def stories_in(folder: Path) -> tuple[Story, ...]:
    """Every test function of `test_fNN_*.py` in a folder; none where there is no such folder."""
    files = sorted([*folder.glob("test_f[0-9][0-9]_*.py"), *(f for n in _OF_A_RULE if (f := folder / n).exists())])
    return tuple(story for file in files for story in _stories(file))


def _stories(file: Path) -> Iterator[Story]:
    found = _FLOW.match(file.name)
    flow = f"F{found[1]}" if found else _OF_A_RULE.get(file.name)
    for node in ast.parse(file.read_text("utf-8")).body:
        if flow and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield Story(flow, file.name, node.name, frozenset(_denied(node)))


def _denied(test: ast.AST) -> Iterator[str]:
    """The strings of assertions that deny; of a name bound earlier in the test, those it was bound to."""
    bound: dict[str, list[str]] = {}
    for node in ast.walk(test):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).extend(_strings(node.value))
    for node in ast.walk(test):
        if isinstance(node, ast.Assert) and _says_no(node.test):
            yield from _strings(node.test)
            for used in ast.walk(node.test):
                if isinstance(used, ast.Name):
                    yield from bound.get(used.id, ())


def _says_no(said: ast.expr) -> bool:
    for node in ast.walk(said):
        if isinstance(node, ast.NotIn | ast.IsNot) or (isinstance(node, ast.Constant) and node.value in (None, False)):
            return True
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return True
        if isinstance(node, ast.Attribute | ast.Name | ast.Constant) and "withheld" in _name(node).lower():
            return True
    return False


def _name(node: ast.Attribute | ast.Name | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _strings(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def flows_of(policy: Policy) -> set[str]:
    """The flows and routing rules that a policy's rules cite."""
    flows = {row.because.flow for row in policy.shares} | {rule.because.flow for rule in policy.if_no_child}
    return flows | {clock.because.flow for clock in policy.expectations} | {w.because.flow for w in policy.wants}


def restricted_of(policy: Policy) -> dict[str, str]:
    """The restricted fields of a policy's event and what summaries call them."""
    return {name: mark["label"] for name, mark in field_marks(policy.event).items() if "restricted" in mark}


def proofs_of(policy: Policy, field: str, stories: tuple[Story, ...]) -> tuple[Story, ...]:
    """The stories of this policy's flows that say of a field, by its name or label, that somebody does not get it."""
    words = {field, restricted_of(policy).get(field, field)}
    return tuple(s for s in stories if s.flow in flows_of(policy) and not words.isdisjoint(s.denies))


def unproved(book: Book, stories: tuple[Story, ...]) -> list[str]:
    """Restricted fields of events that somebody is told of, and of which no story says who must not see them."""
    return [
        f"{kind}: '{label}' ({field}) is restricted, and no story of {', '.join(sorted(flows_of(policy)))} asserts "
        f"that somebody does not get it (as {label!r} in `withheld`, or {field!r} not in a section)"
        for kind, policy in sorted(book.policies.items())
        if policy.shares
        for field, label in restricted_of(policy).items()
        if not proofs_of(policy, field, stories)
    ]
