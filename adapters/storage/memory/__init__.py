"""The ledger in memory: small, for stories; it passes the same agreements as PostgreSQL (tests/agreements)."""

from collections.abc import Callable
from datetime import datetime

from adapters.storage.memory.answers import MemoryClocks, MemoryReceipts
from adapters.storage.memory.asked import MemoryAsked
from adapters.storage.memory.intake import MemoryIntake
from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.memory.oversight import MemoryOversight
from adapters.storage.memory.tables import Hands, Store

__all__ = ["Hands", "MemoryLedger"]


class MemoryLedger(MemoryIntake, MemoryOutbox, MemoryClocks, MemoryReceipts, MemoryOversight, MemoryAsked):
    """Everything the steps and people ask of the ledger; `clock` tells the time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.store = Store(clock)
