"""What the child said, and who came with the child: wanted in every event about a child (F08)."""

from typing import Any

from router.policy.words import Gap, want

F08 = Gap("F08", "1.21", "R3.4", "no record holds what the child said")
ADULT_UNKNOWN = Gap("F08", "1.26", "R2.2", "who came with the child, and who that is to the child, is not written down")


def nobody_asked(value: Any) -> bool:
    """Whether the practitioner did not ask: every other reason for having no answer is one."""
    return bool(getattr(value, "missing", value) == "not-asked")


VOICE = want("voice_of_child", because=F08, words="word of the child, nor a reason why not", missing=nobody_asked)
WITH_WHOM = want("accompanied_by", because=ADULT_UNKNOWN, words="full name and relationship of the adult who came")
