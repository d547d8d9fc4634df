"""What the doctor finds: whatever is not well is said in words with how to mend it, by settings and by the work."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from aiokafka.errors import TopicAuthorizationFailedError

from deploy import health
from deploy.health import Finding, _skew, _working, findings, settings_findings
from deploy.settings import Settings

WELL = (0, 16, 0, 0, 0, 0)
"""Deliveries due, lanes held, clocks unfired, refusals open, tasks with nobody, destinations paused."""
UNWELL = [
    ((3, 0, 0, 0, 0, 0), "Delivery", "fail", "No worker holds a lane; 3 deliveries wait.", "sharewell run deliver"),
    ((0, 0, 0, 0, 0, 0), "Delivery", "warn", "No worker holds a lane; 0 deliveries wait.", "sharewell run deliver"),
    ((0, 16, 1, 0, 0, 0), "Clocks", "fail", "1 has run out and not fired.", "sharewell run clocks"),
    ((0, 16, 2, 0, 0, 0), "Clocks", "fail", "2 have run out and not fired.", "sharewell run clocks"),
    ((0, 16, 0, 1, 0, 0), "Refused", "warn", "1 refused record is open.", "sharewell refused"),
    ((0, 16, 0, 0, 2, 0), "Tasks", "warn", "2 tasks have nobody.", "sharewell tasks"),
    ((0, 16, 0, 0, 0, 1), "Paused", "warn", "1 destination is paused.", "sharewell destinations"),
]


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_where_all_is_well_nothing_is_to_mend() -> None:
    assert [(f.name, f.state, f.mend) for f in _working(WELL)] == [("Delivery", "ok", ""), ("Clocks", "ok", "")]


@pytest.mark.parametrize(("row", "name", "state", "words", "mend"), UNWELL)
def test_what_is_not_well_is_said_with_the_command_that_mends_it(
    row: tuple[int, ...], name: str, state: str, words: str, mend: str
) -> None:
    (found,) = [f for f in _working(row) if f.state != "ok"]
    assert (found.name, found.state, found.words, found.mend) == (name, state, words, mend)


@pytest.mark.parametrize(("seconds", "state"), [(0.1, "ok"), (5.0, "warn"), (60.0, "fail")])
def test_clocks_that_differ_are_sent_to_one_time_service(seconds: float, state: str) -> None:
    found = _skew("Kafka's clock", seconds, "this computer's")
    assert (found.state, bool(found.mend)) == (state, state != "ok")


def test_in_production_both_ways_out_of_this_machine_are_looked_at() -> None:
    bare = [f for f in settings_findings(settings()) if f.name == "Security"]
    assert [(f.state, f.words) for f in bare] == [
        ("warn", "Kafka is reached without TLS."),
        ("warn", "The database's certificate is not checked."),
    ]
    assert ["KAFKA" in f.mend or "POSTGRES" in f.mend for f in bare] == [True, True]
    given = {"kafka_security_protocol": "SSL", "postgres_sslmode": "verify-full", "postgres_sslrootcert": "root.pem"}
    assert [f.name for f in settings_findings(settings(**given))] == ["Settings"]
    in_dsn = settings(kafka_security_protocol="SSL", postgres_dsn="postgresql://u@db/x?sslmode=verify-full")
    assert [f.name for f in settings_findings(in_dsn)] == ["Settings"]
    assert [f.name for f in settings_findings(settings(environment="demo"))] == ["Settings"]


async def test_a_server_that_goes_away_while_it_is_asked_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def database(settings: Settings) -> AsyncIterator[Finding]:
        yield Finding("PostgreSQL", "ok", "It answers.")
        raise psycopg.OperationalError("server closed the connection")

    async def kafka(settings: Settings, cover: object) -> AsyncIterator[Finding]:
        yield Finding("Kafka", "ok", "It answers.")
        raise TopicAuthorizationFailedError("summaries.somebody")

    monkeypatch.setattr(health, "database_findings", database)
    monkeypatch.setattr(health, "kafka_findings", kafka)
    found = [f for f in await findings(settings(environment="demo")) if f.name != "Settings"]
    assert [(f.name, f.state, f.away) for f in found] == [
        ("PostgreSQL", "ok", False),
        ("PostgreSQL", "fail", True),
        ("Kafka", "ok", False),
        ("Kafka", "fail", True),
    ]
    assert "(TopicAuthorizationFailedError)" in found[3].words
    assert "somebody" not in found[3].words
    assert all(f.mend for f in found if f.state == "fail")
