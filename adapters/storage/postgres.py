"""The ledger on PostgreSQL: all its sides over one pool."""

from psycopg_pool import AsyncConnectionPool

from adapters.storage.clocks import PostgresClocks
from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, CoverShelf, PostgresIntake
from adapters.storage.outbox import PostgresOutbox
from adapters.storage.receipts import PostgresReceipts


class PostgresLedger(PostgresIntake, PostgresOutbox, PostgresClocks, PostgresReceipts):
    """Everything the steps ask of the ledger; `clock` replaces the database's time in stepped time."""

    def __init__(self, pool: AsyncConnectionPool[Connection], clock: Clock = None) -> None:
        shelf = CoverShelf()
        PostgresIntake.__init__(self, pool, shelf, clock)
        PostgresOutbox.__init__(self, pool)
        PostgresClocks.__init__(self, pool, shelf, clock)
        PostgresReceipts.__init__(self, pool, shelf, clock)
