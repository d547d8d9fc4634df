"""Fixtures for all tests; quick tests run before journeys."""

from pathlib import Path

import pytest
from hypothesis import settings

from deploy.local import containers_wanted, engine_answers
from tests.stack import database, stack, template_database

__all__ = ["database", "stack", "template_database"]

JOURNEYS = Path(__file__).parent / "journeys"

LEFT_OUT = pytest.StashKey[list[pytest.Item]]()

settings.register_profile("sharewell", deadline=None, print_blob=True)
settings.load_profile("sharewell")


def is_journey(item: pytest.Item) -> bool:
    """Whether the test starts real processes for itself."""
    return JOURNEYS in item.path.parents


def wants_stack(item: pytest.Item) -> bool:
    """Whether the test asks for the Kafka and PostgreSQL that all tests share."""
    return "stack" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Quick first: those in memory, then those that ask for the stack, then journeys.

    Where containers are asked for and no engine answers, what needs them is left out, and the summary says so.
    """
    items.sort(key=lambda item: 2 if is_journey(item) else int(wants_stack(item)))
    if containers_wanted() and not engine_answers():
        config.stash[LEFT_OUT] = [item for item in items if wants_stack(item)]
        config.hook.pytest_deselected(items=config.stash[LEFT_OUT])
        items[:] = [item for item in items if not wants_stack(item)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and why."""
    if left_out := config.stash.get(LEFT_OUT, []):
        terminalreporter.section("left out")
        terminalreporter.line(f"{len(left_out)} tests: containers were asked for, and no Docker engine answers")
