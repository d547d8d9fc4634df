"""Every table of the ledger and what becomes of it past keeping: a table that is not here fails a test."""

from collections.abc import Mapping

GOES: Mapping[str, str] = {
    "attempt_failure": "deleted with the event",
    "claim": "deleted with the event",
    "clock": "deleted with the event, the refused record or the second body that it is about; others are nobody's",
    "clock_fired": "deleted with its clock",
    "conflict": "hollowed by its own age, as refused records are: nobody knows whom a second body is about",
    "delivery": "hollowed with the event; what is no event's (answers, what became of a refusal) by its own age",
    "event": "hollowed: its id, type, place and counts stay, so that the account balances for ever",
    "family_version": "old versions are deleted once no event names them; for the current one see `person`",
    "hand_on": "deleted with the event",
    "happening": "deleted with the event",
    "match": "deleted with the event",
    "receipt": "deleted with the event",
    "refusal": "deleted by its own age, once it is mended or closed",
    "replayed": "deleted with the event",
    "task": "hollowed with the event (or by its own age): whose child it was, what somebody wrote on closing it",
    "unfiled": "deleted with the event",
}
"""Deleted, or emptied of whatever is somebody's, by `sharewell retention --yes`."""

STAYS: Mapping[str, str] = {
    "access": "who looked, why and at what: the account of that outlives the records; no content is in it",
    "attempt": "which worker sent how many: nobody's",
    "cover_version": "teams and publishers: nobody's",
    "destination": "where summaries go: nobody's",
    "due": "work that waits: an event with any stays",
    "family": "a number and a version: nobody's",
    "inbox": "an event's id and the hash of its bytes, so that nothing is ever taken in twice",
    "incident": "what went wrong, in words of ours, with the id of a delivery whose content is gone",
    "lane": "who sends: nobody's",
    "legal_hold": "who held what back from deletion, and why: the account of that outlives the records",
    "migration": "which tables there are: nobody's",
    "person": "the directory's: with the current version of its family's file it says who somebody is, what flags they "
    "have and who works with them. A grown-up in it may be the parent of a child whose records are kept",
    "position": "how far a topic is kept: nobody's",
    "publisher_heard": "when a system was last heard: nobody's",
    "sender": "which workers are alive: nobody's",
    "sent": "a number for each delivery, counted for a hash of child and team: it says nothing of either",
    "stepped_time": "the demo's clock: nobody's",
}
"""Kept for ever, and why."""
