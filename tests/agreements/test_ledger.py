"""Every ledger keeps these agreements; a new one enters with one class."""

from collections.abc import AsyncIterator

import pytest

from tests.agreements.asking import Asking
from tests.agreements.cases import Case
from tests.agreements.clocks import Clocks
from tests.agreements.corrections import Corrections
from tests.agreements.desk import Desk
from tests.agreements.intake import Intake
from tests.agreements.lives import Lives
from tests.agreements.matters import Matters
from tests.agreements.memory_case import MemoryCase
from tests.agreements.nobody_found import NobodyFound
from tests.agreements.outbox import Outbox
from tests.agreements.oversight import Oversight
from tests.agreements.postgres_case import PostgresCase
from tests.agreements.receipts import Receipts
from tests.agreements.strange import Strange
from tests.agreements.turns import Turns
from tests.agreements.unjoined import Unjoined
from tests.agreements.which_child import WhichChild
from tests.agreements.whose_record import WhoseRecord
from tests.agreements.withdrawals import Withdrawals
from tests.stack import Database


class Agreements(
    Intake,
    Outbox,
    Withdrawals,
    Corrections,
    NobodyFound,
    WhoseRecord,
    WhichChild,
    Matters,
    Clocks,
    Turns,
    Lives,
    Receipts,
    Desk,
    Oversight,
    Unjoined,
    Asking,
    Strange,
):
    """All of them."""


class TestMemoryLedger(Agreements):
    """The ledger of the stories."""

    @pytest.fixture
    def case(self) -> Case:
        return MemoryCase()


class TestPostgresLedger(Agreements):
    """The ledger of production."""

    @pytest.fixture
    async def case(self, database: Database) -> AsyncIterator[Case]:
        case = PostgresCase(database.dsn)
        await case.open()
        yield case
        await case.end()
