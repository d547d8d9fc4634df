"""An installation of its own for each journey: what is killed in one troubles no other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Installation]:
    async with Installation(tmp_path) as made:
        yield made
