"""The codes that are told of a record before its contract is asked: each can be reached through the router's door."""

import json
from typing import Any

import pytest

from contracts.parts.envelope import MAX_BYTES
from contracts.register import example_of
from router.accept import Refused, accept
from router.directory import Cover
from router.events import Received
from tests.contracts.test_errors import AT_THE_DOOR, ED

GOOD = example_of(ED)
COVER = Cover.read(
    1,
    {
        "publishers": [
            {"id": "rna-ed", "source": GOOD["source"], "service": "ED", "organisation": "RNA", "team": "ed"},
            {"id": "rna-midwives", "source": GOOD["source"], "service": "MID", "organisation": "RNA", "team": "mid"},
        ]
    },
)


def text(**other: Any) -> bytes:
    return json.dumps({**GOOD, **other}).encode()


BAD = [
    ("oversize", "rna-ed", b'{"a":"' + b"x" * MAX_BYTES + b'"}'),
    ("not-json", "rna-ed", b"MSH|^~\\&|ED|RNA"),
    ("not-json", "rna-ed", b'{"a":NaN}'),
    ("not-an-object", "rna-ed", b"[1]"),
    ("duplicate-keys", "rna-ed", text().replace(b'"diagnosis"', b'"diagnosis": "none", "diagnosis"')),
    ("unknown-type", "rna-ed", text(type="zebedee-arrived-1")),
    ("unknown-version", "rna-ed", text(type="ed-attendance-discharged-7")),
    ("unknown-publisher", "nobody", text()),
    ("wrong-publisher-for-topic", "rna-ed", text(source="https://elsewhere.example/ed")),
    ("wrong-publisher-for-type", "rna-midwives", text()),
]


@pytest.mark.parametrize(("code", "publisher", "raw"), BAD)
def test_a_bad_record_is_told_its_code(code: str, publisher: str, raw: bytes) -> None:
    refused = accept(Received(publisher, raw, None, f"events.{publisher}", 0, 0), COVER)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.problems] == [code]


def test_every_code_of_the_door_is_among_them() -> None:
    assert {code for code, _, _ in BAD} == AT_THE_DOOR
