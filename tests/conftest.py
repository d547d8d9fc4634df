"""Fixtures for all tests; quick tests run before journeys."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.stack import database, stack, template_database

__all__ = ["database", "stack", "template_database"]

JOURNEYS = Path(__file__).parent / "journeys"

settings.register_profile("sharewell", deadline=None, print_blob=True)
settings.load_profile("sharewell")


def is_journey(item: pytest.Item) -> bool:
    """Whether the test starts real processes for itself."""
    return JOURNEYS in item.path.parents


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick first: those in memory, then those that ask for the stack, then journeys."""

    def rank(item: pytest.Item) -> int:
        fixtures: Iterable[str] = getattr(item, "fixturenames", ())
        return 2 if is_journey(item) else 1 if "stack" in fixtures else 0

    items.sort(key=rank)
