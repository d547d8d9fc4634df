"""What an installation decides, read from the environment (SHAREWELL_…) or from a `.env` file."""

import ssl
from pathlib import Path
from typing import Any, Literal, Self

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = "127.0.0.1"


class Unusable(ValueError):
    """A setting names a file that cannot be used; the text names the setting, never the file or what it holds."""


class Settings(BaseSettings):
    """One installation's settings; refused as a whole where two of them do not go together."""

    model_config = SettingsConfigDict(
        env_prefix="SHAREWELL_",
        env_file=(".sharewell/up.env", ".env"),
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Literal["production", "demo", "test"] = Field(
        default="production", description="demo and test are for synthetic people: what protects real ones is relaxed"
    )
    stepped_time: bool = Field(
        default=False, description="time in the hands of a test or the demo; never in production"
    )

    kafka_bootstrap: str = Field(default="127.0.0.1:9092", description="brokers, as host:port, comma-separated")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="how brokers are spoken to; SASL_SSL for anything that leaves this machine"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="how the password is proved"
    )
    kafka_sasl_username: str | None = Field(default=None, description="who we are to the brokers")
    kafka_sasl_password: SecretStr | None = Field(default=None, description="with a user name, where SASL is asked for")
    kafka_ssl_cafile: Path | None = Field(default=None, description="the authority of the brokers' certificates")
    kafka_ssl_certfile: Path | None = Field(default=None, description="our certificate, for mutual TLS")
    kafka_ssl_keyfile: Path | None = Field(default=None, description="the key of our certificate")
    kafka_client_id: str = Field(default="sharewell", description="our name in the brokers' logs")
    kafka_replication: int = Field(default=3, ge=1, description="copies of each topic that `sharewell` creates")
    kafka_retention_days: int = Field(
        default=14, ge=1, description="how long topics keep records; the ledger keeps all"
    )

    postgres_dsn: SecretStr = Field(
        default=SecretStr("postgresql://sharewell@127.0.0.1:5432/sharewell"), description="where the ledger is"
    )
    postgres_password: SecretStr | None = Field(
        default=None, description="kept apart from the DSN where it is a secret"
    )
    postgres_sslmode: Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] | None = Field(
        default=None, description="verify-full in production"
    )
    postgres_sslrootcert: Path | None = Field(default=None, description="the authority of the database's certificate")
    postgres_pool_size: int = Field(default=10, ge=1, description="connections of one process at most")

    batch_max: int = Field(default=500, ge=1, description="records that one transaction takes in at most")
    publish_timeout_seconds: float = Field(default=30, gt=0, description="after it the outcome of a send is unknown")
    lease_seconds: float = Field(default=15, gt=0, description="after it a worker's lanes are another's to take")
    poll_seconds: float = Field(default=1, gt=0, description="looked for work this often where no wake-up came")
    watchdog_seconds: float = Field(default=60, gt=0, description="a step that stands still so long ends the process")

    stop_seconds: float = Field(default=10, gt=0, description="how long a process may take to stop")

    retention_years: int = Field(
        default=26,
        ge=25,
        description="a record is kept until its youngest child's birthday of this number, and an unborn child's as "
        "long from the expected date; nothing is deleted before, and nothing at all unless a person asks",
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="names and NHS numbers are in none of them"
    )
    log_json: bool = Field(default=True, description="one JSON object a line; otherwise for a person at a terminal")
    metrics_host: str = Field(default=LOOPBACK, description="where /healthz, /readyz and /metrics listen")
    metrics_port: int = Field(default=0, ge=0, le=65535, description="0 takes a free one, and the log says which")

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.stepped_time and self.environment == "production":
            raise ValueError("stepped_time is refused in production: clocks that protect children follow real time")
        if self.poll_seconds >= self.lease_seconds:
            raise ValueError("poll_seconds must be less than lease_seconds, or a lease runs out between two looks")
        if self.kafka_security_protocol.startswith("SASL") and not (
            self.kafka_sasl_username and self.kafka_sasl_password
        ):
            raise ValueError("kafka_security_protocol asks for kafka_sasl_username and kafka_sasl_password")
        if bool(self.kafka_ssl_certfile) != bool(self.kafka_ssl_keyfile):
            raise ValueError("kafka_ssl_certfile and kafka_ssl_keyfile go together")
        if self.postgres_sslmode in ("verify-ca", "verify-full") and not self.postgres_sslrootcert:
            raise ValueError("postgres_sslmode asks for postgres_sslrootcert")
        try:
            conninfo_to_dict(self.postgres_dsn.get_secret_value())
        except ProgrammingError:
            raise ValueError("postgres_dsn is no address, such as postgresql://user@host:5432/name") from None
        return self

    def kafka(self) -> dict[str, Any]:
        """What every aiokafka client is made with: where the brokers are, and how to be let in."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.kafka_bootstrap.split(","),
            "client_id": self.kafka_client_id,
            "security_protocol": self.kafka_security_protocol,
        }
        if self.kafka_security_protocol in ("SSL", "SASL_SSL"):
            arguments["ssl_context"] = self._kafka_tls()
        if self.kafka_security_protocol.startswith("SASL"):
            assert self.kafka_sasl_password is not None
            arguments["sasl_mechanism"] = self.kafka_sasl_mechanism
            arguments["sasl_plain_username"] = self.kafka_sasl_username
            arguments["sasl_plain_password"] = self.kafka_sasl_password.get_secret_value()
        return arguments

    def _kafka_tls(self) -> ssl.SSLContext:
        """Raises Unusable."""
        try:
            context = ssl.create_default_context(cafile=self.kafka_ssl_cafile)
        except OSError:
            raise Unusable("SHAREWELL_KAFKA_SSL_CAFILE names no file of certificates that can be read.") from None
        if self.kafka_ssl_certfile:
            try:
                context.load_cert_chain(self.kafka_ssl_certfile, self.kafka_ssl_keyfile)
            except OSError:
                words = "SHAREWELL_KAFKA_SSL_CERTFILE and SHAREWELL_KAFKA_SSL_KEYFILE name no certificate with its key."
                raise Unusable(words) from None
        return context

    @property
    def postgres_is_checked(self) -> bool:
        """Whether the database must show a certificate that we trust."""
        mode = self.postgres_sslmode or conninfo_to_dict(self.postgres_dsn.get_secret_value()).get("sslmode")
        return mode in ("verify-ca", "verify-full")

    def postgres(self, application_name: str = "sharewell") -> str:
        """The connection string for psycopg: the DSN, and over it what is set apart. Raises Unusable."""
        if self.postgres_sslrootcert and not self.postgres_sslrootcert.is_file():
            raise Unusable("SHAREWELL_POSTGRES_SSLROOTCERT names no file of certificates that can be read.")
        over = {
            "password": self.postgres_password.get_secret_value() if self.postgres_password else None,
            "sslmode": self.postgres_sslmode,
            "sslrootcert": str(self.postgres_sslrootcert) if self.postgres_sslrootcert else None,
            "application_name": application_name,
        }
        given = {name: value for name, value in over.items() if value is not None}
        return make_conninfo(self.postgres_dsn.get_secret_value(), **given)
