"""The clock worker's process: fires what has run out, notices who has gone quiet, and measures what is owed."""

import asyncio
from collections.abc import Mapping
from time import monotonic

import structlog
from aiokafka.errors import KafkaError

from adapters.storage.gauges import measure
from deploy import metrics
from deploy.lag import Behind, read_by
from deploy.parts import AWAY, Process, watch
from router.escalate import escalate

log = structlog.get_logger()
MEASURE_SECONDS = 10.0


async def run(process: Process) -> None:
    """Look for clocks that are due until stopped; beside it, look how far the routers are behind, and that it looks."""
    beside = (
        asyncio.create_task(_measure_lag(process)),
        asyncio.create_task(watch(process, lambda: True)),  # it looks every second: there is always something to do
    )
    try:
        await _fire(process)
    finally:
        for task in beside:
            task.cancel()


async def _fire(process: Process) -> None:
    measured_at = 0.0
    while not process.stop.is_set():
        fired = await process.patiently(lambda: escalate(process.ledger, passed=process.passed))
        process.moved()
        metrics.beat(process.role)
        if fired.rungs or fired.silent or fired.unfiled:
            metrics.FIRED.inc(fired.rungs)
            process.wake()
            log.info("clocks fired", step="escalate", fired=fired.rungs, tasks=fired.tasks)
            continue
        if monotonic() - measured_at > MEASURE_SECONDS:
            measured_at = monotonic()
            await process.patiently(lambda: _measure(process))
        await process.pause(process.settings.poll_seconds)


async def _measure(process: Process) -> None:
    found = await measure(process.pool)
    metrics.DEAD_LETTERS.set(found.refused_open)
    metrics.OVERDUE.set(found.clocks_overdue)
    metrics.OLDEST.set(found.oldest_due_seconds)
    for publisher, seconds in found.silence.items():
        metrics.SILENCE.labels(publisher).set(seconds)
    metrics.show(metrics.OWED)


async def _measure_lag(process: Process) -> None:
    """Every so often, and never in the way of the clocks; no figure rather than an old one while Kafka is away."""
    behind, known = Behind(process.settings.kafka()), True
    try:
        while not process.stop.is_set():
            try:
                tell(await behind.look(read_by(await process.ledger.cover())))
                known = True
            except (KafkaError, *AWAY) as error:
                tell({})
                if known:
                    log.warning("the lag is not known", role=process.role, error_type=type(error).__name__)
                known = False
                await behind.stop()
            await process.pause(MEASURE_SECONDS)
    finally:
        await behind.stop()


def tell(found: Mapping[str, Mapping[str, int]]) -> None:
    """Put it where Prometheus looks, instead of what stood there."""
    metrics.LAG.clear()
    metrics.GROUP_LAG.clear()
    for group, topics in found.items():
        metrics.GROUP_LAG.labels(group).set(sum(topics.values()))
        for topic, records in topics.items():
            metrics.LAG.labels(group, topic).set(records)
