"""Free TCP ports of this computer."""

import random
import socket

HOST = "127.0.0.1"
_given: set[int] = set()


def free_port() -> int:
    """A port of the loopback address that nobody listens on, and that this process was not given before: who asks
    for two listens on neither while asking.

    Taken below the range that the kernel gives to outgoing connections: a server that comes back on its old port must
    not find a client there, least of all one that, knocking at the dead server's door, was connected to itself.
    """
    for port in random.sample([port for port in range(15_000, 32_000) if port not in _given], 200):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            _given.add(port)
            return port
    raise OSError("no free port between 15000 and 32000")


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
