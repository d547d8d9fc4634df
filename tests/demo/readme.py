"""The tables of README.md, from the code: `python -m tests.demo.readme [--bench bench.json]` writes them in place."""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from contracts.register import event_types
from deploy.settings import Settings
from router.policy.book import rule_book
from router.policy.words import Policy

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
NOT_MEASURED = "not filled in yet"
MANY = 5


def contracts() -> str:
    """Each event: who publishes it, which flows it serves, where it is written down, and where it is shown."""
    rows = []
    book = rule_book()
    for name, model in event_types().items():
        policy = book.of(name)
        by = sorted(str(s) for s in model.published_by)
        who = ", ".join(by) if len(by) <= MANY else f"{len(by)} services"
        flows = _flows(policy) if policy else []
        rows.append(
            (
                f"`{name}`",
                who,
                ", ".join(flows) or "keeps the directory true",
                f"[contract]({_file(model.__module__)}), [policy]({_file(_module_of(policy))})",
                _stories(flows, name),
            )
        )
    return _table(("Event", "Published by", "Flows and rules", "Written in", "Shown by"), rows)


def _flows(policy: Policy) -> list[str]:
    said = (*policy.shares, *policy.expectations, *policy.wants)
    flows = {one.because.flow for one in said} | ({"F05"} if policy.answers_live_flags else set())
    return sorted(flows, key=lambda flow: (len(flow) == 1, flow))


def _module_of(policy: Policy | None) -> str:
    import router.policy

    for module in sorted(Path(router.policy.__path__[0]).glob("*.py")):
        name = f"router.policy.{module.stem}"
        if policy is not None and policy in vars(__import__(name, fromlist=["_"])).values():
            return name
    raise LookupError("a policy that stands in no file")


def _stories(flows: list[str], event: str) -> str:
    found = [
        path
        for flow in flows
        if len(flow) == 3
        for path in sorted((ROOT / "tests" / "flows").glob(f"test_{flow.lower()}_*.py"))
    ]
    if not found:
        return "[rules](tests/rules/test_rules.py)"
    return " ".join(f"[{path.name[5:8].upper()}]({path.relative_to(ROOT)})" for path in found)


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
        wanted = f"{'at least' if target.at_least else 'at most'} {target.value:g}{target.unit}"
        found = measured.get(target.name)
        rows.append((target.words, wanted, f"{found['figure']:.3g}{target.unit}" if found else NOT_MEASURED))
    machine = (figures or {}).get("machine")
    said = f"\n\nMeasured on: {machine}." if machine else ""
    return _table(("What", "Asked for", "Measured"), rows) + said


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


PARTS: dict[str, Callable[[], str]] = {"contracts": contracts, "settings": settings}


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
