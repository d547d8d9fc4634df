"""An authority of certificates that a test makes for itself: P-256 keys and X.509 in plain Python, so that nothing has
to be installed for it. Only for tests: nothing here is guarded against being watched."""

import base64
import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# NIST P-256 (FIPS 186-4, D.1.2.3); a is -3
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(count: int, point: Point = G) -> tuple[int, int]:
    total: Point = None
    while count:
        if count & 1:
            total = _add(total, point)
        point, count = _add(point, point), count >> 1
    assert total is not None
    return total


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    if len(body) > 127:
        size = bytes([0x80 | len(size)]) + size
    return bytes([tag]) + (size or b"\0") + body


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def _bits(value: bytes, unused: int = 0) -> bytes:
    return _der(0x03, bytes([unused]), value)


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = bytearray([40 * first + second])
    for number in rest:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(0x80 | number & 0x7F)
        out += bytes(reversed(septets))
    return _der(0x06, bytes(out))


def _name(name: str) -> bytes:
    return _sequence(_der(0x31, _sequence(_oid("2.5.4.3"), _der(0x0C, name.encode()))))


def _time(at: datetime) -> bytes:
    return _der(0x17, f"{at:%y%m%d%H%M%SZ}".encode())


def _pem(what: str, der: bytes) -> str:
    return f"-----BEGIN {what}-----\n{base64.encodebytes(der).decode()}-----END {what}-----\n"


KEY = _sequence(_oid("1.2.840.10045.2.1"), _oid("1.2.840.10045.3.1.7"))
SIGNED = _sequence(_oid("1.2.840.10045.4.3.2"))  # ECDSA with SHA-256
SERVER, CLIENT = _oid("1.3.6.1.5.5.7.3.1"), _oid("1.3.6.1.5.5.7.3.2")


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, both as PEM."""

    certificate: str
    key: str


class _Pair:
    """A private key and its public point."""

    def __init__(self) -> None:
        self.secret = secrets.randbelow(N - 1) + 1
        x, y = _times(self.secret)
        self.point = b"\x04" + x.to_bytes(32) + y.to_bytes(32)
        self.id = hashlib.sha1(self.point, usedforsecurity=False).digest()

    def sign(self, message: bytes) -> bytes:
        digest, once = int.from_bytes(hashlib.sha256(message).digest()), secrets.randbelow(N - 1) + 1
        r = _times(once)[0] % N
        return _sequence(_integer(r), _integer(pow(once, -1, N) * (digest + r * self.secret) % N))

    def pem(self) -> str:
        own = _sequence(_integer(1), _der(0x04, self.secret.to_bytes(32)), _der(0xA1, _bits(self.point)))
        return _pem("PRIVATE KEY", _sequence(_integer(0), KEY, _der(0x04, own)))


class Authority:
    """Who signs; whoever holds `certificate` trusts what it issued."""

    def __init__(self, name: str) -> None:
        self.name, self._pair = name, _Pair()
        self.certificate = self._certify(name, self._pair, [])

    def issue(self, name: str, *addresses: str) -> Issued:
        """A certificate for a server at these IP addresses, or for a client, which has none."""
        pair = _Pair()
        return Issued(self._certify(name, pair, [ipaddress.ip_address(a).packed for a in addresses]), pair.pem())

    def _certify(self, name: str, pair: _Pair, addresses: list[bytes]) -> str:
        own = pair is self._pair
        use = _sequence(_oid("2.5.29.37"), _der(0x04, _sequence(SERVER if addresses else CLIENT)))
        at = _sequence(_oid("2.5.29.17"), _der(0x04, _sequence(*(_der(0x87, a) for a in addresses))))
        extensions = [
            self._critical("2.5.29.19", _sequence(_der(0x01, b"\xff")) if own else _sequence()),  # an authority, or not
            self._critical("2.5.29.15", _bits(b"\x06", 1) if own else _bits(b"\x80", 7)),  # signs others, or itself
            _sequence(_oid("2.5.29.14"), _der(0x04, _der(0x04, pair.id))),
            _sequence(_oid("2.5.29.35"), _der(0x04, _sequence(_der(0x80, self._pair.id)))),
            *([] if own else [use]),
            *([at] if addresses else []),
        ]
        now = datetime.now(UTC)
        told = _sequence(
            _der(0xA0, _integer(2)),
            _integer(secrets.randbits(120)),
            SIGNED,
            _name(self.name),
            _sequence(_time(now - timedelta(hours=1)), _time(now + timedelta(days=1))),
            _name(name),
            _sequence(KEY, _bits(pair.point)),
            _der(0xA3, _sequence(*extensions)),
        )
        return _pem("CERTIFICATE", _sequence(told, SIGNED, _bits(self._pair.sign(told))))

    @staticmethod
    def _critical(oid: str, value: bytes) -> bytes:
        return _sequence(_oid(oid), _der(0x01, b"\xff"), _der(0x04, value))
