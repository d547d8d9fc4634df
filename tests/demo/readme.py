"""The tables of README.md, from the code: `python -m tests.demo.readme [--bench bench.json]` writes them in place."""

import argparse
import ast
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from contracts.register import event_types
from deploy.settings import Settings
from router.policy.book import policies_in, rule_book
from router.policy.proofs import flows_of
from router.policy.review import FLOWS
from router.policy.words import Policy

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
NOT_MEASURED = "not filled in yet"


WITHOUT_STORY = "not yet"
MANY = 8


def flows() -> str:
    """Each flow of the review: what it closes, the events and rows that do so, and the story that shows it."""
    book = rule_book()
    serving: dict[str, list[str]] = {}
    for name in event_types():
        policy = book.of(name)
        for flow in (_flows(policy) if policy else []) or ["directory"]:
            serving.setdefault(flow, []).append(name)
    rows = [_flow_row(flow, serving.get(flow, [])) for flow in FLOWS]
    kept_true = serving.get("directory", [])
    links = _policies(kept_true), "[rules](tests/rules)"
    rows.append(("A, B, C, D, G", "the directory that all of them read is kept true", _events(kept_true), *links))
    return _table(("Flow", "What happens now", "Events", "Rows", "Story"), rows)


def _flow_row(flow: str, events: list[str]) -> tuple[str, ...]:
    story = next(iter(sorted((ROOT / "tests" / "flows").glob(f"test_{flow.lower()}_*.py"))), None)
    if story is None:
        return (flow, WITHOUT_STORY, _events(events), _policies(events), WITHOUT_STORY)
    first, _, _ = (ast.get_docstring(ast.parse(story.read_text())) or "").partition("\n\n")
    said = " ".join(first.split()).partition(": ")[2]
    shown = f"[{story.stem.removeprefix('test_')[4:].replace('_', ' ')}]({story.relative_to(ROOT)})"
    return (flow, said.rstrip("."), _events(events) or "read from the ledger", _policies(events) or "–", shown)


def _events(names: list[str]) -> str:
    """The events by the file that says what is in them; the many of a rule for all are counted."""
    if len(names) > MANY:
        return f"{len(names)} [contracts](contracts)"
    return ", ".join(f"[{n.rsplit('-', 1)[0]}]({_file(event_types()[n].__module__)})" for n in names)


def _policies(names: list[str]) -> str:
    modules = dict.fromkeys(_module_of(rule_book().of(n)) for n in names)
    if len(modules) > MANY:
        return f"{len(modules)} files of [policy](router/policy)"
    return ", ".join(f"[{m.rsplit('.', 1)[1].replace('_', ' ')}]({_file(m)})" for m in modules)


def _flows(policy: Policy) -> list[str]:
    found = flows_of(policy) | ({"F05"} if policy.answers_live_flags else set())
    return sorted(flow for flow in found if flow in FLOWS)


@cache
def _places() -> Mapping[int, str]:
    import router.policy

    found: dict[int, str] = {}
    for file in sorted(Path(router.policy.__path__[0]).glob("*.py")):
        module = import_module(f"router.policy.{file.stem}")
        for policy in policies_in(module):
            found.setdefault(id(policy), module.__name__)
    return found


def _module_of(policy: Policy | None) -> str:
    return _places()[id(policy)]


def settings() -> str:
    """Each setting, its default, and what it decides."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        value = default.get_secret_value() if isinstance(default, SecretStr) else default
        words = re.sub(r"\s+", " ", field.description or "")
        shown = "–" if value is None else f"`{value}`"
        rows.append((f"`SHAREWELL_{name.upper()}`", shown, words[:1].upper() + words[1:]))
    return _table(("Setting", "Default", "What it decides"), rows)


def speed(figures: dict[str, Any] | None) -> str:
    """Each figure of the bench beside what was asked for; from `make bench`, never by hand."""
    from tests.bench.figures import TARGETS

    measured = (figures or {}).get("targets", {})
    rows = []
    for target in TARGETS:
        wanted = f"{'at least' if target.at_least else 'at most'} {_amount(target.value)}{_unit(target.unit)}"
        found = measured.get(target.name)
        rows.append(
            (target.words, wanted, f"{_amount(found['figure'])}{_unit(target.unit)}" if found else NOT_MEASURED)
        )
    machine = (figures or {}).get("machine")
    said = f"\n\nMeasured on {machine['cores']} cores with Python {machine['python']}." if machine else ""
    return _table(("What", "Asked for", "Measured"), rows) + said


def _amount(figure: float) -> str:
    """Three digits that tell, as a person writes them."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def _unit(unit: str) -> str:
    return unit if unit.startswith("/") else f" {unit}".rstrip()


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


PARTS: dict[str, Callable[[], str]] = {"flows": flows, "settings": settings}


def marked(text: str, name: str) -> str:
    """What stands between a part's marks."""
    found = re.search(f"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", text, re.DOTALL)
    if found is None:
        raise LookupError(f"the README has no marks for {name}")
    return found.group(1)


def replaced(text: str, name: str, content: str) -> str:
    """The text with another content between a part's marks."""
    return text.replace(f"\n{marked(text, name)}\n<!-- /{name} -->", f"\n{content}\n<!-- /{name} -->")


def main() -> None:
    """Write the parts in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, help="what `python -m tests.bench --json FILE` wrote")
    asked = parser.parse_args()
    text = README.read_text()
    for name, make in PARTS.items():
        text = replaced(text, name, make())
    if asked.bench:
        text = replaced(text, "speed", speed(json.loads(asked.bench.read_text())))
    README.write_text(text)


if __name__ == "__main__":
    main()
