"""What a log line may say: the keys that pass, and the values that can name nobody."""

import re
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

Line = MutableMapping[str, Any]

WITHHELD = "(withheld)"

NAMES = frozenset(
    # the line
    "event level timestamp logger at template dropped step process version environment".split()
    # what it is about: our own numbers and opaque ids, and names of things, never of people
    + "event_id delivery clock task receipt team publisher recipient_kind channel kind".split()
    + "policy rule rung outcome verdict reason state topic partition group lane lanes role worker batch".split()
    + "fence attempt host signal database migration".split()
    # what went wrong
    + "error_type error_at error_caused_by code sqlstate".split()
)

NUMBERS = frozenset(
    # how many
    "offset event_no delivery_no pid port count events records bytes accepted refused seen_before conflicts".split()
    + "plans deliveries clocks tasks receipts publishers teams".split()
    + "told withheld nobody_found held sent skipped failed retried fired met open due lag connections".split()
    # how long
    + "seconds ms waited_seconds lag_seconds oldest_seconds due_at until".split()
)

TEMPLATES = frozenset(
    {
        # aiokafka's constant texts that an operator searches for; their arguments are never written
        "(Re-)joining group %s",
        "Auto offset commit failed: %s",
        "Error sending %s to node %s [%s] -- marking coordinator dead",
        "Failed fetch messages from %s: %s",
        "Group Coordinator Request failed: %s",
        "Heartbeat failed for group %s because it is rebalancing",
        "Heartbeat session expired - marking coordinator dead",
        "Joined group '%s' (generation %s) with member_id %s",
        "Marking the coordinator dead (node %s)for group %s.",
        "OffsetCommit failed for group %s - %s",
        "Topic %s not found in cluster metadata",
        "Unable connect to node with id %s: %s",
        "Unable to request metadata from node with id %s: %r",
        "Unable to update metadata from %s",
        "Unexpected error in fetcher routine",
        "Unexpected error in sender routine",
    }
)

SAYING = re.compile(r"[a-z][a-z ,'_-]{0,79}")  # an event's words: lower case, no digits, so no number and hardly a name
IDENTIFIER = re.compile(r"[\w.:/@+<>-]{1,200}", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER_OF_A_PERSON = re.compile(r"(?<!\d)\d{3}[-.:/+_]?\d{3}[-.:/+_]?\d{4}(?!\d)")  # the shape of an NHS number


def keep_allowed(logger: object, method: str, line: Line) -> Line:
    """The line with allowed keys and harmless values only; says how many keys were dropped."""
    kept = {key: harmless(key, value) for key, value in line.items() if key in NAMES | NUMBERS}
    if len(kept) < len(line):
        kept["dropped"] = len(line) - len(kept)
    return kept


def harmless(key: str, value: Any) -> Any:
    """The value itself where it is a number or an identifier; otherwise a word that says it was withheld."""
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if key in NUMBERS or not NUMBER_OF_A_PERSON.fullmatch(str(value)) else WITHHELD
        case datetime():
            return value.isoformat()
        case list() | tuple() | frozenset() | set() if len(value) <= 50:
            return [harmless(key, each) for each in value]
        case str() if key == "event":
            return value if SAYING.fullmatch(value) else WITHHELD
        case str() if key == "template":
            return value if value in TEMPLATES else WITHHELD
        case str() if UUID.fullmatch(value):
            return value
        case str() if IDENTIFIER.fullmatch(value) and not NUMBER_OF_A_PERSON.search(value):
            return value
    return WITHHELD
