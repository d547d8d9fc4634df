"""Logs that cannot name anybody: one wide line a step, and a chain that lets through allowed keys only.

    log = structlog.get_logger()
    log.info("batch kept", step="keep", accepted=498, refused=2, seconds=0.21)

A key that is not listed (deploy/harmless.py) is dropped; a text that is not an identifier is withheld; an exception
leaves its type and where it was raised, never its message, which for pydantic, psycopg and json repeats what it was
given. What libraries log takes the same way: of their messages the place in their source remains.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.contextvars import merge_contextvars

from deploy.harmless import TEMPLATES, Line, keep_allowed

FRAMES = 12


def exception_without_words(logger: object, method: str, line: Line) -> Line:
    """An exception as its type, the types behind it, and where each frame stood."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return line
    line["error_type"] = name_of(error)
    line["error_at"] = [
        f"{frame.f_globals.get('__name__', '?')}:{number}" for frame, number in traceback.walk_tb(error.__traceback__)
    ][-FRAMES:]
    if behind := [name_of(cause) for cause in causes_of(error)]:
        line["error_caused_by"] = behind
    if sqlstate := getattr(error, "sqlstate", None):
        line["sqlstate"] = sqlstate
    return line


def name_of(error: BaseException) -> str:
    """An exception's type, as it would be imported."""
    return f"{type(error).__module__}.{type(error).__qualname__}"


def causes_of(error: BaseException) -> list[BaseException]:
    """What an exception came from, nearest first, and what a group of them holds."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < FRAMES:
        current = waiting.pop(0)
        behind = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        group = list(current.exceptions) if isinstance(current, BaseExceptionGroup) else []
        news = [each for each in ([behind] if behind else []) + group if each is not error and each not in found]
        found += news
        waiting += news
    return found[:FRAMES]


def when_and_how_grave(logger: object, method: str, line: Line) -> Line:
    """The time, in UTC, and the level."""
    level = "error" if method == "exception" else method
    return {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, **line}


def as_json(logger: object, method: str, line: Line) -> bytes:
    """One JSON object."""
    return orjson.dumps(dict(line))


def for_a_person(logger: object, method: str, line: Line) -> bytes:
    """The time, the level, what happened, then the rest."""
    rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in ("timestamp", "level", "event"))
    return f"{line['timestamp'][11:23]} {line['level']:8}{line.get('event', '')}  {rest}".rstrip().encode()


class Log(structlog.BoundLoggerBase):
    """What `structlog.get_logger()` returns. Takes no positional arguments: they would be formatted into the text."""

    at_least = logging.INFO

    def _say(self, method: str, level: int, event: str, fields: dict[str, Any]) -> None:
        if level >= self.at_least:
            self._proxy_to_logger(method, event, **fields)

    def debug(self, event: str, **fields: Any) -> None:
        """Of use to an engineer who looks for something."""
        self._say("debug", logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        """A step was done."""
        self._say("info", logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """Something that will need a person if it goes on."""
        self._say("warning", logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Something that needs a person."""
        self._say("error", logging.ERROR, event, fields)

    def exception(self, event: str, **fields: Any) -> None:
        """As `error`, with the type and place of the exception that is being handled."""
        self._say("exception", logging.ERROR, event, {"exc_info": True, **fields})

    def critical(self, event: str, **fields: Any) -> None:
        """The process is about to end."""
        self._say("critical", logging.CRITICAL, event, fields)


class _Lines:
    """Where lines go: whole, one at a time, and never an exception of its own."""

    def __init__(self, stream: Callable[[], BinaryIO]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def _write(self, line: bytes) -> None:
        try:
            with self._lock:
                stream = self._stream()
                stream.write(line + b"\n")
                stream.flush()
        except (OSError, ValueError):  # a closed pipe must not stop a delivery
            return

    debug = info = warning = error = exception = critical = _write


class FromLibraries(logging.Handler):
    """Takes what libraries log through the chain. Their texts, arguments and extras stay behind."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's place, level and exception."""
        fields: dict[str, Any] = {"logger": record.name, "at": f"{record.module}:{record.lineno}"}
        if record.msg in TEMPLATES:
            fields["template"] = record.msg
        if record.exc_info:
            fields["exc_info"] = record.exc_info
        log = structlog.get_logger()
        for grave, say in ((logging.ERROR, log.error), (logging.WARNING, log.warning), (logging.INFO, log.info)):
            if record.levelno >= grave:
                say("a library says", **fields)
                return
        log.debug("a library says", **fields)


def set_up(level: str = "INFO", *, json: bool = True, stream: BinaryIO | None = None) -> None:
    """Send everything that this process logs, and every exception that nobody caught, through the chain.

    Lines go to standard error, or to `stream`. May be called again, with other settings.
    """
    least = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            merge_contextvars,
            when_and_how_grave,
            exception_without_words,
            keep_allowed,
            as_json if json else for_a_person,
        ],
        wrapper_class=type("Log", (Log,), {"at_least": least}),
        logger_factory=lambda *_: _Lines(lambda: stream or sys.stderr.buffer),
        cache_logger_on_first_use=False,
    )
    _take_over_libraries(least)
    sys.excepthook = _crashed
    sys.unraisablehook = lambda found: _crashed(found.exc_type, found.exc_value, found.exc_traceback)
    threading.excepthook = lambda found: _crashed(found.exc_type, found.exc_value, found.exc_traceback)


def _take_over_libraries(least: int) -> None:
    logging.raiseExceptions = False  # it prints the message and its arguments
    logging.captureWarnings(True)
    ours = FromLibraries()
    for name in list(logging.Logger.manager.loggerDict):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    for name in ("faststream", "faststream.access.kafka"):
        library = logging.getLogger(name)
        library.handlers[:] = [ours]
        library.propagate = False
        # FastStream adds a handler, which prints tracebacks with their messages, whenever a broker starts.
        library.addHandler = lambda hdlr: None  # type: ignore[method-assign]
    logging.root.handlers[:] = [ours]
    logging.root.setLevel(least)


def _crashed(kind: type[BaseException], error: BaseException | None, place: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("crashed", exc_info=(kind, error or kind(), place))
