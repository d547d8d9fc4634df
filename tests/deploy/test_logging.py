"""No log line names anybody, whoever writes it and however."""

import ast
import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pydantic
import pytest
import structlog
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from hypothesis import given
from hypothesis import strategies as st

import deploy
from deploy import logging as ours
from deploy.harmless import NAMES, NUMBERS, harmless
from deploy.local import Stack
from tests.stack import make_topic

CANARIES = ("Canary", "canary", "9434765919", "943 476 5919")


@pytest.fixture
def said() -> Iterator[io.BytesIO]:
    stream = io.BytesIO()
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    handlers, level, shown = logging.root.handlers[:], logging.root.level, logging.raiseExceptions
    ours.set_up("DEBUG", stream=stream)
    yield stream
    logging.captureWarnings(False)
    logging.root.handlers[:], logging.raiseExceptions = handlers, shown
    logging.root.setLevel(level)
    for name in ("faststream", "faststream.access.kafka"):
        logging.getLogger(name).handlers.clear()
        vars(logging.getLogger(name)).pop("addHandler")
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    structlog.reset_defaults()


def lines(stream: io.BytesIO) -> list[dict[str, Any]]:
    text = stream.getvalue().decode()
    assert not any(canary in text for canary in CANARIES), text
    return [json.loads(line) for line in text.splitlines()]


def test_a_step_is_one_line_with_its_counts(said: io.BytesIO) -> None:
    structlog.get_logger().info("batch kept", step="keep", accepted=3, seconds=0.25, team="hv-north-leeds")
    (line,) = lines(said)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "event": "batch kept",
        "level": "info",
        "step": "keep",
        "accepted": 3,
        "seconds": 0.25,
        "team": "hv-north-leeds",
    }


def test_an_unknown_key_is_dropped_and_counted(said: io.BytesIO) -> None:
    structlog.get_logger().info("batch kept", surname="Canary", nhs_number="9434765919", accepted=1)
    (line,) = lines(said)
    assert (line["accepted"], line["dropped"]) == (1, 2)


@pytest.mark.parametrize(
    "value",
    ["Ada Canary", "9434765919", "943-476-5919", 9434765919, {"a": "Canary"}, b"Canary", ["9434765919"], object()],
)
def test_an_allowed_key_does_not_carry_what_is_not_an_identifier(said: io.BytesIO, value: object) -> None:
    structlog.get_logger().info("batch kept", team=value)
    assert "withheld" in str(lines(said)[0]["team"])


def test_a_name_put_into_the_event_is_withheld(said: io.BytesIO) -> None:
    log = structlog.get_logger()
    log.info("kept Ada Canary")
    log.info("kept 9434765919")
    assert [line["event"] for line in lines(said)] == ["(withheld)"] * 2


def test_positional_arguments_are_refused_rather_than_written(said: io.BytesIO) -> None:
    with pytest.raises(TypeError):
        structlog.get_logger().info("kept %s", "canary")
    assert lines(said) == []


def test_bound_and_contextual_values_pass_the_same_gate(said: io.BytesIO) -> None:
    with structlog.contextvars.bound_contextvars(surname="Canary", publisher="ed-leeds"):
        structlog.get_logger().bind(given_name="Canary").warning("slow")
    (line,) = lines(said)
    assert (line["publisher"], line["dropped"], line["level"]) == ("ed-leeds", 2, "warning")


class Person(pydantic.BaseModel):
    born: int


def raise_pydantic() -> None:
    Person.model_validate({"born": "Canary 9434765919"})


def raise_chained() -> None:
    try:
        raise KeyError("Canary")
    except KeyError as error:
        raise RuntimeError("no such child: Canary") from error


def raise_group() -> None:
    raise ExceptionGroup("Canary", [ValueError("Canary"), KeyError("9434765919")])


def raise_psycopg() -> None:
    raise psycopg.errors.UniqueViolation("Key (name)=(Canary) already exists")


@pytest.mark.parametrize(
    ("fail", "kind", "behind"),
    [
        (raise_pydantic, "pydantic_core._pydantic_core.ValidationError", None),
        (raise_chained, "builtins.RuntimeError", ["builtins.KeyError"]),
        (raise_group, "builtins.ExceptionGroup", ["builtins.ValueError", "builtins.KeyError"]),
        (raise_psycopg, "psycopg.errors.UniqueViolation", None),
    ],
)
def test_an_exception_leaves_its_type_and_place(
    said: io.BytesIO, fail: Callable[[], None], kind: str, behind: list[str] | None
) -> None:
    try:
        fail()
    except Exception:
        structlog.get_logger().exception("step failed", step="keep")
    (line,) = lines(said)
    assert (line["error_type"], line.get("error_caused_by"), line["level"]) == (kind, behind, "error")
    assert line["error_at"][0].startswith("tests.deploy.test_logging:")
    assert (line.get("sqlstate") == "23505") == (fail is raise_psycopg)


def test_what_libraries_log_keeps_its_place_only(said: io.BytesIO) -> None:
    library = logging.getLogger("aiokafka.consumer.fetcher")
    library.error("Could not parse %s", "Canary")
    library.warning("Canary", extra={"team": "Canary", "nhs_number": "9434765919"})
    library.debug(f"{'Canary'}")
    library.error("Failed fetch messages from %s: %s", "Canary", ValueError("Canary"))
    try:
        raise ValueError("Canary")
    except ValueError:
        library.exception("Canary")
    found = lines(said)
    assert [line["level"] for line in found] == ["error", "warning", "debug", "error", "error"]
    assert {line["logger"] for line in found} == {"aiokafka.consumer.fetcher"}
    assert all(line["at"].startswith("test_logging:") for line in found)
    assert found[3]["template"] == "Failed fetch messages from %s: %s"
    assert found[4]["error_type"] == "builtins.ValueError"


def test_a_record_that_cannot_be_formatted_is_not_printed_with_its_arguments(
    said: io.BytesIO, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("psycopg").error("%d", "Canary")
    assert len(lines(said)) == 1
    assert capfd.readouterr() == ("", "")


def test_warnings_take_the_same_way(said: io.BytesIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("Canary", stacklevel=1)
    assert lines(said)[0]["logger"] == "py.warnings"


async def test_a_failing_subscriber_says_nothing_of_the_message(
    said: io.BytesIO, capfd: pytest.CaptureFixture[str], stack: Stack
) -> None:
    topic = f"events.{uuid.uuid4().hex}"
    broker = KafkaBroker(stack.kafka_bootstrap, log_level=logging.DEBUG)
    taken = asyncio.Event()

    @broker.subscriber(topic, auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL)
    async def take(body: str) -> None:
        taken.set()
        raise ValueError(f"cannot take {body}")

    await make_topic(stack.kafka_bootstrap, topic)
    async with broker:
        await broker.start()
        await broker.publish("Canary 9434765919", topic, key=b"Canary", headers={"name": "Canary"})
        await asyncio.wait_for(taken.wait(), 20)
    assert any(line.get("error_type") == "builtins.ValueError" for line in lines(said))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "crash",
    [
        "raise ValueError('Canary')",
        "import threading; t = threading.Thread(target=lambda: int('Canary')); t.start(); t.join()",
        "import asyncio; asyncio.run(asyncio.wait_for(asyncio.sleep(1, 'Canary'), 0))",
        "import asyncio\nasync def f():\n asyncio.get_running_loop().call_soon(int, 'Canary')\n"
        " await asyncio.sleep(0.01)\nasyncio.run(f())",
        "class A:\n def __del__(self): raise ValueError('Canary')\na = A()\ndel a",
    ],
    ids=["main", "thread", "coroutine", "callback", "destructor"],
)
def test_a_crash_leaves_one_line_and_no_words(crash: str) -> None:
    program = f"from deploy.logging import set_up\nset_up('DEBUG')\n{crash}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "Canary" not in done.stdout + done.stderr
    assert any("error_type" in json.loads(line) for line in done.stderr.splitlines())


def test_a_closed_stream_stops_nothing(said: io.BytesIO) -> None:
    said.close()
    structlog.get_logger().info("batch kept")


def test_for_a_person_at_a_terminal_the_same_is_withheld(said: io.BytesIO) -> None:
    stream = io.BytesIO()
    ours.set_up("INFO", json=False, stream=stream)
    structlog.get_logger().info("batch kept", accepted=2, team="Ada Canary")
    structlog.get_logger().debug("not at this level")
    text = stream.getvalue().decode()
    assert text.endswith("info    batch kept  accepted=2 team=(withheld)\n")
    assert text.count("\n") == 1


@given(
    st.sampled_from(sorted(NAMES | NUMBERS)),
    st.sampled_from(("{}", "x{}", "ward-{}", "{}.", "hv/{}/x")),
    st.from_regex(r"\d{3}[ -]?\d{3}[ -]?\d{4}", fullmatch=True),
)
def test_no_text_carries_the_shape_of_an_nhs_number(key: str, frame: str, number: str) -> None:
    assert number not in str(harmless(key, frame.format(number)))


def test_no_line_of_ours_holds_a_key_that_is_dropped() -> None:
    """One that is would be worked out for nobody, and `dropped` would say nothing any more."""
    root = Path(deploy.__file__).parents[1]
    said: set[str] = set()
    for file in (*root.glob("deploy/**/*.py"), *root.glob("adapters/**/*.py"), *root.glob("router/**/*.py")):
        for call in (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call)):
            match call.func:
                case ast.Attribute(value=ast.Name(id="log"), attr="debug" | "info" | "warning" | "error" | "exception"):
                    said |= {k.arg for k in call.keywords if k.arg}
    assert {"role", "publishers", "error_type"} <= said
    assert said <= NAMES | NUMBERS | {"exc_info"}
