"""Named borders at which a test may end the process as `kill -9` would; never in production."""

import os
import signal
from collections import Counter
from collections.abc import Callable

NAMES = (
    "before_transaction",
    "after_claim",
    "before_commit",
    "after_commit",
    "before_offset_commit",
    "after_offset_commit",
    "after_takeover",
    "after_tail_read",
    "after_mark_sending",
    "after_send_before_mark",
    "after_mark_sent",
    "after_mark_failed",
    "before_clock_commit",
    "after_clock_commit",
    "before_receipts_commit",
    "after_receipts_commit",
    "before_again_commit",
    "after_again_commit",
)


def failpoint(environment: str, asked: str | None = None) -> Callable[[str], None]:
    """What each named border calls. `asked` is `name` or `name:n`: the process ends at its n-th passing."""
    asked = os.environ.get("SHAREWELL_FAILPOINT") if asked is None else asked
    if not asked or environment == "production":
        return lambda _: None
    name, _, nth = asked.partition(":")
    if name not in NAMES:
        raise ValueError(f"no such failpoint; there are {', '.join(NAMES)}")
    passed: Counter[str] = Counter()

    def pass_by(border: str) -> None:
        passed[border] += 1
        if border == name and passed[border] >= int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return pass_by
