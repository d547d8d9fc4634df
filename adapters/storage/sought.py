"""Tasks that seek somebody, as the facts of a later event of the same record have them; on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import orjson

from adapters.storage.turning import clock_from
from router.carried import running_as
from router.earlier import Sought, said_in


def sought_from(row: Sequence[Any]) -> Sought:
    """One row of the query `sought`, without its event's number."""
    id, words, child, service, owner, raw, closed, clock, *_ = row
    said = said_in(orjson.loads(raw)["data"]) if raw else ""
    waits = tuple(running_as(clock_from(row[7:21]), *row[21:23])) if clock else None
    return Sought(id, words, child, service, owner, said, closed, waits, row[23])
