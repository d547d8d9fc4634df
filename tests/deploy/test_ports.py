"""Whoever asks for several ports gets several, though nobody listens on the first when the second is asked for."""

import random
import socket

import pytest

from deploy import ports


def test_no_port_is_given_twice_however_the_dice_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "sample", lambda choices, count: choices[:count])
    given = [ports.free_port() for _ in range(3)]
    assert len(set(given)) == 3


def test_a_port_somebody_listens_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = ports.free_port()
    with socket.socket() as listener:
        listener.bind((ports.HOST, taken))
        listener.listen()
        monkeypatch.setattr(ports, "_given", set())
        monkeypatch.setattr(random, "sample", lambda choices, count: [taken, taken + 1, taken + 2, taken + 3])
        assert ports.answers(taken)
        assert ports.free_port() != taken
