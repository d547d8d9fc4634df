"""The schema's versions as numbered SQL files, applied once each under a lock."""

from hashlib import sha256
from importlib.resources import files

import psycopg

_LOCK = 7_316_204_001


def versions() -> list[tuple[str, str]]:
    """(name, SQL) of every migration, in order."""
    found = (f for f in files("adapters.storage.migrations").iterdir() if f.name.endswith(".sql"))
    return sorted((f.name.removesuffix(".sql"), f.read_text()) for f in found)


def migrate(dsn: str) -> list[str]:
    """Apply what is missing, each in its transaction; the names applied. A changed old version is refused."""
    applied = []
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, sha256 text NOT NULL,"
            " at timestamptz NOT NULL DEFAULT now())"
        )
        connection.commit()
        known: dict[str, str] = dict(connection.execute("SELECT name, sha256 FROM migration").fetchall())
        for name, sql in versions():
            digest = sha256(sql.encode()).hexdigest()
            if name not in known:
                connection.execute(sql.encode())
                connection.execute("INSERT INTO migration (name, sha256) VALUES (%s, %s)", (name, digest))
                connection.commit()
                applied.append(name)
            elif known[name] != digest:
                raise RuntimeError(f"migration {name} was changed after it was applied; write a new one instead")
        connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
    return applied
