"""The clock worker's process: fires what has run out, notices who has gone quiet, and measures what is owed."""

from time import monotonic

import structlog

from adapters.storage.gauges import measure
from deploy import metrics
from deploy.parts import Process
from router.escalate import escalate

log = structlog.get_logger()
MEASURE_SECONDS = 10.0


async def run(process: Process) -> None:
    """Look for clocks that are due until stopped."""
    measured_at = 0.0
    while not process.stop.is_set():
        fired = await process.patiently(lambda: escalate(process.ledger, passed=process.passed))
        process.moved()
        metrics.BEAT.labels(process.role).set_to_current_time()
        if fired.rungs or fired.silent or fired.unfiled:
            metrics.FIRED.inc(fired.rungs)
            await process.patiently(process.wake)
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
