"""One borough for all tests here: it never changes."""

import pytest

from deploy.borough import Borough, generate
from router.directory import Cover


@pytest.fixture(scope="session")
def borough() -> Borough:
    return generate()


@pytest.fixture(scope="session")
def cover(borough: Borough) -> Cover:
    return borough.cover()
