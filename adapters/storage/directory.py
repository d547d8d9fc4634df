"""Loads a checked directory file: a new version of the teams, and of those families only that have changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.storage.adding import UUID_BYTES, ByCopy, Table, as_uuid
from adapters.storage.batch_rows import FILE
from adapters.storage.connect import Connection
from adapters.storage.directory_file import Checked, FamilyLine, Wrong
from adapters.storage.directory_merge import Families, merge, renamed, together
from adapters.storage.intake import Clock, now
from adapters.storage.keeping import file_people
from adapters.storage.sql import queries
from router.directory import FamilyDoc
from router.ledger import TryAgain

Q, INTAKE = queries("directory"), queries("intake")
TRIES = 8
CHUNK = 1000
"""People written in one transaction: as many locks as a batch of the router takes."""

INCOMING_FAMILY = Table("incoming_family", {"line": "int4", "doc": "bytea"})
INCOMING_PERSON = Table("incoming_person", {"line": "int4", "id": UUID_BYTES, "nhs": "text", "born": "text"})

Moved = Callable[[int, int], None]
"""(families done, families to do)."""


@dataclass(slots=True)
class Loaded:
    """What a load did; `wrong` means that nothing was written."""

    version: int = 0
    new_version: bool = False
    teams: int = 0
    publishers: int = 0
    people: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    not_in_file: int = 0
    """People whom the file does not name; they stay as they are."""
    wrong: tuple[Wrong, ...] = ()


class AnotherLoad(Exception):
    """Another load is running."""


async def load(
    connection: Connection, checked: Checked, clock: Clock = None, moved: Moved = lambda done, of: None
) -> Loaded:
    """Make the ledger's directory what the file says; loading the same file again changes nothing.

    What only the ledger knows stays: people that events brought, what events said later than the file's day, flags
    they raised, restrictions they made, and what named persons said about whose a child is. Written in chunks under
    the families' locks, so that a router may run beside it; after a crash the same load goes on. Raises AnotherLoad.
    `checked` holds nothing wrong."""
    row = await (await connection.execute(Q["one_at_a_time"])).fetchone()
    if not row or not row[0]:
        raise AnotherLoad
    try:
        return await _load(connection, checked, clock, moved)
    finally:
        await connection.rollback()
        await connection.execute(Q["done"])
        await connection.commit()


async def _load(connection: Connection, checked: Checked, clock: Clock, moved: Moved) -> Loaded:
    families = {line.line: line for line in checked.families}
    await _bring_in(connection, checked.families)
    wrong = [Wrong(line, "number-of-another", "nhs") for (line,) in await _all(connection, "numbers_of_others")]
    if wrong:
        return Loaded(wrong=tuple(wrong))
    await _rename(connection, families)
    done = Loaded(people=checked.people, teams=len(checked.cover["teams"]), publishers=len(checked.cover["publishers"]))
    await _cover(connection, checked.cover, clock, done)
    groups = [[families[line] for line in group] for group in together(await _all(connection, "compare"))]
    done.not_in_file = (await _all(connection, "not_in_file"))[0][0]
    await connection.execute(Q["forget"])
    await connection.commit()
    written = 0
    moved(0, len(groups))
    for chunk in _chunks(groups):
        new, changed = await _write(connection, chunk, str(checked.cover.get("as_of", "")))
        await connection.commit()
        written += len(chunk)
        done.new, done.changed = done.new + new, done.changed + changed
        moved(written, len(groups))
    done.unchanged = max(0, len(families) - done.new - done.changed)
    return done


async def _bring_in(connection: Connection, families: Sequence[FamilyLine]) -> None:
    for name in ("incoming", "incoming_people", "forget"):
        await connection.execute(Q[name])
    adding = ByCopy(connection)
    await adding.rows(INCOMING_FAMILY, ((f.line, f.doc) for f in families))
    people = ((f.line, as_uuid(p), d.get("nhs"), d.get("born")) for f in families for p, d in f.people.items())
    await adding.rows(INCOMING_PERSON, people)
    await connection.execute(Q["analyse"])


async def _rename(connection: Connection, families: dict[int, FamilyLine]) -> None:
    """People whom events brought before the file: the ledger's ids hold, for deliveries name them."""
    names: dict[int, dict[str, str]] = {}
    for line, theirs, ours in await _all(connection, "known_by_number"):
        names.setdefault(line, {})[theirs] = ours
    if not names:
        return
    for line, of_line in names.items():
        people = renamed(families[line].people, of_line)
        families[line] = FamilyLine(line, people, orjson.dumps({"people": people}))
    pairs = [pair for of_line in names.values() for pair in of_line.items()]
    await connection.execute(Q["rename"], {"theirs": [p[0] for p in pairs], "ours": [p[1] for p in pairs]})
    docs = [families[line].doc for line in names]
    await connection.execute(Q["rewrite"], {"lines": list(names), "docs": docs})


async def _cover(connection: Connection, cover: dict[str, Any], clock: Clock, done: Loaded) -> None:
    rows = await _all(connection, "newest")
    done.version = rows[0][0] if rows else 0
    done.new_version = not rows or orjson.loads(rows[0][1]) != cover
    if done.new_version:
        done.version += 1
        asked = {"version": done.version, "doc": orjson.dumps(cover), "now": await now(connection, clock)}
        await connection.execute(Q["add_cover"], asked)


def _chunks(groups: Sequence[list[FamilyLine]]) -> Iterator[list[list[FamilyLine]]]:
    chunk: list[list[FamilyLine]] = []
    people = 0
    for group in groups:
        chunk.append(group)
        people += sum(len(line.people) for line in group)
        if people >= CHUNK:
            yield chunk
            chunk, people = [], 0
    if chunk:
        yield chunk


async def _write(connection: Connection, chunk: Sequence[Sequence[FamilyLine]], as_of: str) -> tuple[int, int]:
    """One chunk under the locks of everybody in it; how many families are new, and how many changed."""
    people = [p for group in chunk for line in group for p in line.people]
    numbers = [d["nhs"] for group in chunk for line in group for d in line.people.values() if "nhs" in d]
    homes = await _lock(connection, people, numbers)
    wanted = sorted(set(homes.values()))
    rows = await (await connection.execute(INTAKE["families"], {"families": wanted})).fetchall()
    files: dict[int, FamilyDoc] = {number: orjson.loads(doc) for number, _, doc in rows}
    versions = {number: version for number, version, _ in rows}
    unknown = sum(not any(p in homes for line in group for p in line.people) for group in chunk)
    fresh = [r[0] for r in await (await connection.execute(INTAKE["new_families"], {"count": unknown})).fetchall()]
    after = Families(files, homes)
    for group in chunk:
        if merge([line.people for line in group], after, fresh[-1] if fresh else 0, as_of):
            fresh.pop()
    await _keep(connection, after, versions)
    return len(after.new), len(after.changed - after.new)


async def _lock(connection: Connection, people: list[str], numbers: list[str]) -> dict[str, int]:
    """In which family everybody is, with all these families locked; anew where somebody moved meanwhile."""
    asked = {"numbers": numbers, "people": people}
    for _ in range(TRIES):
        locked = {row[0] for row in await (await connection.execute(INTAKE["lock_families"], asked)).fetchall()}
        homes: dict[str, int] = dict(await _all(connection, "family_of", people=people))
        if set(homes.values()) <= locked:
            return homes
        await connection.rollback()
    raise TryAgain


async def _keep(connection: Connection, after: Families, versions: dict[int, int]) -> None:
    numbers = sorted(after.changed)
    next_of = {n: versions.get(n, 0) + 1 for n in numbers}
    rows = ((n, next_of[n], orjson.dumps(after.files[n])) for n in numbers)
    await ByCopy(connection).rows(FILE, rows)
    people = [(p, d.get("nhs"), d.get("born"), n) for n in numbers for p, d in after.files[n]["people"].items()]
    await file_people(connection, numbers, list(next_of.values()), people)
    if after.moved:
        who, old, new = zip(*after.moved, strict=True)
        await connection.execute(Q["move_history"], {"people": list(who), "old": list(old), "new": list(new)})


async def _all(connection: Connection, name: str, **asked: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(Q[name], asked or None)).fetchall()
