"""What a recipient can say in a receipt: how far a delivery has come, and what came of it."""

from typing import Literal

Answered = Literal["collected", "validated", "matched", "acknowledged", "filed", "acted", "not-ours", "failed"]
"""How far: a system's word for the first three, a named person's for the next four."""

Outcome = Literal[
    "accepted",
    "declined",
    "seen",
    "follow-up-recorded",
    "review-recorded",
    "contact-offered",
    "contact-made",
    "referred-on",
    "no-further-action",
    "other",
]
"""What came of it, of an acted receipt."""
