"""Whoever is not let in is told why; whoever finds nobody is told nothing more. (tests/journeys/test_encrypted.py asks
real servers that refuse.)"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import psycopg
import pytest

from deploy import why
from deploy.settings import Settings


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a server that reads a little from whoever comes, answers so, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):  # whoever came may have gone: the next is answered all the same
                    connection.recv(4096)
                    connection.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def kafka(port: int, **given: Any) -> dict[str, Any]:
    return Settings(_env_file=None, kafka_bootstrap=f"127.0.0.1:{port}", **given).kafka()


def test_a_database_that_speaks_no_tls_is_told_from_one_that_is_away() -> None:
    with answering(b"N") as port, pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(f"postgresql://u@127.0.0.1:{port}/x", sslmode="require")
    assert why.of_database(refused.value) == (
        "It does not speak TLS.",
        "Turn `ssl` on in PostgreSQL, or correct SHAREWELL_POSTGRES_SSLMODE.",
    )
    with pytest.raises(psycopg.OperationalError) as away:
        psycopg.connect("postgresql://u@127.0.0.1:1/x", sslmode="require")
    assert why.of_database(away.value) is None


async def test_a_kafka_that_hangs_up_is_told_from_one_that_is_away() -> None:
    for given, setting in ((), "SECURITY_PROTOCOL"), ((("kafka_security_protocol", "SSL"),), "SSL_CERTFILE"):
        with answering(b"") as port:
            told = await why.of_kafka(kafka(port, **dict(given)))
        assert told is not None
        assert told[0].startswith("It hangs up")
        assert f"SHAREWELL_KAFKA_{setting}" in told[1]
        assert await why.of_kafka(kafka(1, **dict(given))) is None
