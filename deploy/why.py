"""Why a database or a Kafka that is there does not let us in, in our words and with the setting that mends it."""

import ssl
from collections.abc import Mapping
from typing import Any

Why = tuple[str, str]
"""What is wrong, and how to mend it. Neither repeats what was said to us: it may hold a name."""

_DATABASE = (
    (
        "certificate verify failed",
        "Its certificate is not from an authority that we trust.",
        "Set SHAREWELL_POSTGRES_SSLROOTCERT to the authority that signed it.",
    ),
    (
        "does not match host name",
        "Its certificate is for another host.",
        "Name the host in SHAREWELL_POSTGRES_DSN as its certificate does.",
    ),
    (
        "password authentication failed",
        "It refuses the user or the password.",
        "Correct SHAREWELL_POSTGRES_PASSWORD, or the user in SHAREWELL_POSTGRES_DSN.",
    ),
    (
        "no password supplied",
        "It asks for a password.",
        "Set SHAREWELL_POSTGRES_PASSWORD.",
    ),
    (
        "no encryption",
        "It takes no connection without TLS, or none from here.",
        "Set SHAREWELL_POSTGRES_SSLMODE to verify-full, and SHAREWELL_POSTGRES_SSLROOTCERT.",
    ),
    (
        "server does not support SSL",
        "It does not speak TLS.",
        "Turn `ssl` on in PostgreSQL, or correct SHAREWELL_POSTGRES_SSLMODE.",
    ),
)


def of_database(error: BaseException) -> Why | None:
    """Why it refused, where libpq's text says so; None for anything else, a database that is not there say."""
    said = str(error)
    return next(((words, mend) for sign, words, mend in _DATABASE if sign in said), None)


TLS = ("SSL", "SASL_SSL")


async def of_kafka(kafka: Mapping[str, Any], seconds: float = 5) -> Why | None:
    """Ask the first broker that is there for a connection: its clients say only that they got none."""
    from aiokafka import conn, errors

    given = {k: v for k, v in kafka.items() if k != "bootstrap_servers"}
    for host, port, _ in conn.collect_hosts(kafka["bootstrap_servers"], randomize=False):
        try:
            made = await conn.create_conn(host, port, **given, request_timeout_ms=int(seconds * 1000))
        except (errors.KafkaError, OSError, TimeoutError) as error:
            if why := _kafka(error, given["security_protocol"]):
                return why
        else:
            made.close()
    return None


def _kafka(error: BaseException, protocol: str) -> Why | None:
    from aiokafka import errors

    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
            return "Its certificate is for another host.", "Name the host in SHAREWELL_KAFKA_BOOTSTRAP as it does."
        mend = "Set SHAREWELL_KAFKA_SSL_CAFILE to the authority that signed it."
        return "Its certificate is not from an authority that we trust.", mend
    if isinstance(error, errors.SaslAuthenticationFailed | errors.AuthenticationFailedError):
        mend = "Correct SHAREWELL_KAFKA_SASL_USERNAME, SHAREWELL_KAFKA_SASL_PASSWORD or SHAREWELL_KAFKA_SASL_MECHANISM."
        return "It refuses the user or the password.", mend
    if isinstance(error, errors.UnsupportedSaslMechanismError | errors.IllegalSaslStateError):
        mend = "Set SHAREWELL_KAFKA_SASL_MECHANISM and SHAREWELL_KAFKA_SECURITY_PROTOCOL as it asks."
        return "It takes no password in this way.", mend
    if isinstance(error, ConnectionRefusedError):
        return None
    if isinstance(error, errors.KafkaConnectionError | ConnectionError | ssl.SSLError):
        if protocol in TLS:
            ours = "SHAREWELL_KAFKA_SSL_CERTFILE and SHAREWELL_KAFKA_SSL_KEYFILE"
            return "It hangs up as TLS begins.", f"Set {ours} if it asks for them; or TLS is not spoken at that port."
        mend = "Set SHAREWELL_KAFKA_SECURITY_PROTOCOL to SASL_SSL or SSL."
        return "It hangs up: TLS may be spoken at that port.", mend
    return None
