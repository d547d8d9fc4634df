"""An installation's settings are refused where they do not go together, and never printed with their secrets."""

from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from deploy.commands.ends import USAGE, explained
from deploy.settings import Settings, Unusable


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_out_of_the_box_it_is_production_and_time_is_real() -> None:
    usual = settings()
    assert (usual.environment, usual.stepped_time) == ("production", False)
    assert (usual.batch_max, usual.lease_seconds, usual.poll_seconds) == (500, 15, 1)
    assert usual.metrics_host == "127.0.0.1"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"stepped_time": True}, "stepped_time is refused in production"),
        ({"lease_seconds": 1}, "poll_seconds must be less"),
        ({"kafka_security_protocol": "SASL_SSL"}, "kafka_sasl_username"),
        ({"kafka_ssl_certfile": "x.pem"}, "go together"),
        ({"postgres_sslmode": "verify-full"}, "postgres_sslrootcert"),
        ({"retention_years": 24}, "greater than or equal to 25"),
        ({"lease_seconds": 0}, "greater than 0"),
    ],
)
def test_what_does_not_go_together_is_refused(given: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        settings(**given)


def test_time_may_be_stepped_in_the_demo() -> None:
    assert settings(environment="demo", stepped_time=True).stepped_time


def test_secrets_are_in_no_text_of_the_settings_or_of_their_refusal() -> None:
    given = {
        "kafka_security_protocol": "SASL_PLAINTEXT",
        "kafka_sasl_username": "sharewell",
        "kafka_sasl_password": "hush",
        "postgres_dsn": "postgresql://u:hush@db/x",
    }
    assert "hush" not in repr(settings(**given))
    with pytest.raises(ValidationError) as refused:
        settings(**given, stepped_time=True)
    assert "hush" not in str(refused.value)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREWELL_KAFKA_BOOTSTRAP", "a:9092,b:9092")
    monkeypatch.setenv("SHAREWELL_BATCH_MAX", "7")
    read = settings()
    assert (read.kafka()["bootstrap_servers"], read.batch_max) == (["a:9092", "b:9092"], 7)


def test_kafka_clients_are_let_in_with_a_password_over_tls() -> None:
    arguments = settings(
        kafka_security_protocol="SASL_SSL", kafka_sasl_username="sharewell", kafka_sasl_password="hush"
    ).kafka()
    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (arguments["sasl_plain_username"], arguments["sasl_plain_password"]) == ("sharewell", "hush")
    assert arguments["ssl_context"].check_hostname


def test_without_security_nothing_of_it_is_passed_on() -> None:
    assert set(settings().kafka()) == {"bootstrap_servers", "client_id", "security_protocol"}


def test_what_is_set_apart_wins_over_the_dsn(tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch()
    address = settings(
        postgres_dsn="postgresql://u:old@db:5433/x?sslmode=prefer",
        postgres_password="p'w d",
        postgres_sslmode="verify-full",
        postgres_sslrootcert=tmp_path / "root.pem",
    ).postgres("sharewell-worker")
    assert conninfo_to_dict(address) == {
        "user": "u",
        "password": "p'w d",
        "host": "db",
        "port": "5433",
        "dbname": "x",
        "sslmode": "verify-full",
        "sslrootcert": str(tmp_path / "root.pem"),
        "application_name": "sharewell-worker",
    }


def test_a_certificate_that_cannot_be_used_is_told_by_the_name_of_its_setting(tmp_path: Path) -> None:
    (empty := tmp_path / "empty.pem").touch()
    tls: dict[str, Any] = {"kafka_security_protocol": "SSL"}
    for path in (tmp_path / "gone.pem", empty):
        for given, name in (
            ({"kafka_ssl_cafile": path}, "KAFKA_SSL_CAFILE"),
            ({"kafka_ssl_certfile": path, "kafka_ssl_keyfile": path}, "KAFKA_SSL_CERTFILE"),
        ):
            with pytest.raises(Unusable, match=f"SHAREWELL_{name}") as wrong:
                settings(**tls, **given).kafka()
            end = explained(wrong.value)
            assert (end.code, str(path) in end.words) == (USAGE, False)
    with pytest.raises(Unusable, match="SHAREWELL_POSTGRES_SSLROOTCERT"):
        settings(postgres_sslmode="verify-full", postgres_sslrootcert=tmp_path / "gone.pem").postgres()


def test_what_is_no_address_of_a_database_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValidationError, match="postgres_dsn is no address") as wrong:
        settings(postgres_dsn="hush-hush")
    assert "hush" not in str(wrong.value)
