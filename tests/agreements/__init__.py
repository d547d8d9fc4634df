"""What every ledger and every outbound channel must do, whatever it is made of."""

import pytest

for part in ("cases", "intake", "matters", "outbox", "clocks", "receipts", "desk", "channel"):
    pytest.register_assert_rewrite(f"tests.agreements.{part}")
