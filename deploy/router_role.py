"""The router's process: events and receipts in from Kafka, kept with all that follows, then acknowledged."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import psycopg
import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from adapters.inbound.kafka import EVENTS, RECEIPTS, Group, Progress, make_broker, subscribe
from deploy import metrics
from deploy.parts import Process, watch
from deploy.topics import RECEIPTS_GROUP, ROUTER_GROUP
from router.accept import Refused
from router.events import Event, Received
from router.policy.book import Book, rule_book
from router.receipts import take_each_receipt, take_receipts
from router.take import Taken, read_ahead, take_each, take_read

log = structlog.get_logger()

BROKEN_BY_A_RECORD = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    psycopg.DataError,
    psycopg.IntegrityError,
)
"""What a fault of ours looks like that one record brings to light; all else ends the process."""


async def run(process: Process) -> None:
    """Read until stopped; when the directory gains publishers or teams the subscriptions are made anew."""
    book = rule_book()
    progress = Progress()
    guard = asyncio.create_task(watch(process, lambda: unread(holder) > 0))
    holder: list[KafkaBroker] = []
    try:
        while not process.stop.is_set():
            publishers, teams = await process.patiently(lambda: _topics(process))
            if not publishers:
                log.warning("no publisher in the directory, load one", role=process.role)
                await process.pause(process.settings.poll_seconds)
                continue
            broker, groups = await _start(process, book, progress, publishers, teams)
            holder[:] = [broker]
            await _until_changed(process, progress, (publishers, teams))
            for group in groups:
                await group.done()
            for group in groups:
                group.let_go()
            await broker.stop()
    finally:
        guard.cancel()


async def _topics(process: Process) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cover = await process.ledger.cover()
    return tuple(sorted(cover.publishers)), tuple(sorted(cover.teams))


async def _start(
    process: Process, book: Book, progress: Progress, publishers: Sequence[str], teams: Sequence[str]
) -> tuple[KafkaBroker, list[Group[Any]]]:
    settings = process.settings
    while True:
        broker = make_broker({**settings.kafka(), "metadata_max_age_ms": 10_000})

        async def read_events(records: Sequence[Received]) -> Sequence[Event | Refused]:
            return await process.patiently(
                lambda: read_ahead(records, process.ledger, BROKEN_BY_A_RECORD, _a_record_broke)
            )

        async def keep_events(read: Sequence[Event | Refused]) -> None:
            await _keep_events(process, book, read)

        async def keep_receipts(records: Sequence[Received]) -> None:
            await _keep_receipts(process, book, records)

        member = process.name if not process.name.startswith("router-") else None
        events = subscribe(
            broker,
            EVENTS,
            [EVENTS + p for p in publishers],
            read_events,
            keep_events,
            group=ROUTER_GROUP,
            member=member,
            batch=settings.batch_max,
            progress=progress,
            passed=process.passed,
        )
        receipts = subscribe(
            broker,
            RECEIPTS,
            [RECEIPTS + t for t in teams],
            _as_they_are,
            keep_receipts,
            group=RECEIPTS_GROUP,
            member=member,
            batch=settings.batch_max,
            progress=progress,
            passed=process.passed,
        )
        try:
            await broker.start()
        except (KafkaError, OSError) as error:
            log.warning("waiting for kafka", role=process.role, error_type=type(error).__name__)
            await broker.stop()
            await process.pause(1.0)
            if process.stop.is_set():
                raise asyncio.CancelledError from error
        else:
            log.info("reading", role=process.role, publishers=len(publishers), teams=len(teams))
            return broker, [events, receipts]


async def _until_changed(process: Process, progress: Progress, known: object) -> None:
    while not process.stop.is_set():
        await process.pause(process.settings.poll_seconds, progress.failed)
        if progress.broken:
            process.end(1, "a batch could not be kept")
        metrics.beat(process.role)
        if not process.stop.is_set() and await process.patiently(lambda: _topics(process)) != known:
            log.info("the directory has changed, subscribing anew", role=process.role)
            return


async def _as_they_are(records: Sequence[Received]) -> Sequence[Received]:
    return records


def _a_record_broke(error: Exception) -> None:
    log.error("a record broke while it was read, it is put aside", exc_info=error)


async def _keep_events(process: Process, book: Book, read: Sequence[Event | Refused]) -> None:
    started = perf_counter()
    try:
        taken = await process.patiently(lambda: take_read(read, process.ledger, book, process.passed))
    except BROKEN_BY_A_RECORD as error:
        log.error("a batch broke, its records are taken one by one", records=len(read), exc_info=error)
        records = [one.received for one in read]
        taken = await process.patiently(
            lambda: take_each(records, process.ledger, book, BROKEN_BY_A_RECORD, process.passed)
        )
    process.moved()
    if taken.deliveries or taken.refused:
        process.wake()
    _count(taken)
    log.info(
        "batch kept",
        step="take",
        records=len(read),
        accepted=len(taken.accepted),
        refused=len(taken.refused),
        seen_before=len(taken.seen),
        conflicts=len(taken.conflicts),
        deliveries=taken.deliveries,
        ms=round((perf_counter() - started) * 1000, 1),
    )


def _count(taken: Taken) -> None:
    for (kind, publisher), count in Counter((k.event.type, k.event.publisher) for k in taken.accepted).items():
        metrics.ACCEPTED.labels(kind, publisher).inc(count)
    for publisher, count in Counter(r.received.publisher for r in taken.refused).items():
        metrics.REFUSED.labels(publisher).inc(count)


async def _keep_receipts(process: Process, book: Book, records: Sequence[Received]) -> None:
    try:
        answers = await process.patiently(lambda: take_receipts(records, process.ledger, book, process.passed))
    except BROKEN_BY_A_RECORD as error:
        log.error("a batch broke, its receipts are taken one by one", receipts=len(records), exc_info=error)
        answers = await process.patiently(
            lambda: take_each_receipt(records, process.ledger, book, BROKEN_BY_A_RECORD, process.passed)
        )
    process.moved()
    cover = await process.ledger.cover()
    for kept in answers.kept:
        team = cover.teams.get(kept.receipt.team)
        if kept.answer == "kept" and team is not None:
            metrics.DELIVERIES.labels(team.service.value, "kafka", kept.receipt.state).inc()
            if kept.receipt.state == "acknowledged" and kept.waited is not None:
                metrics.ACKNOWLEDGED.labels(team.service.value, "kafka").observe(kept.waited)
    if any(k.reroute for k in answers.kept):
        process.wake()
    log.info("receipts kept", step="receipts", receipts=len(answers.kept), refused=len(answers.refused))


def unread(holder: Sequence[KafkaBroker]) -> int:
    """Records that stand in Kafka, may be read, and have not been read by this process."""
    behind = 0
    for broker in holder:
        for subscriber in broker.subscribers:
            consumer: Any = getattr(subscriber, "consumer", None)
            for place in consumer.assignment() if consumer else ():
                # 0 is an answer: nothing may be read where the first record ever is of a transaction that has not ended
                stable = consumer.last_stable_offset(place)
                end = consumer.highwater(place) if stable is None else stable
                behind += max(0, (end or 0) - _position(consumer, place))
    return behind


def _position(consumer: object, place: object) -> int:
    state = consumer._subscription.subscription.assignment.state_value(place)  # type: ignore[attr-defined]
    return int(state.position) if state.has_valid_position else 0
