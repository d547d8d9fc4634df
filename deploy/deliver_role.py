"""The delivery worker's process: leases lanes, sends what is due, settles what others left."""

import asyncio
from time import monotonic

import psycopg
import structlog
from aiokafka.errors import KafkaError

from adapters.outbound.kafka import KafkaChannel
from deploy import metrics
from deploy.parts import AWAY, Process, watch
from router.deliver import Sender

log = structlog.get_logger()
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds between tries while the ledger, or the Kafka whose tails must be read, is away."""


async def run(process: Process) -> None:
    """Send until stopped: woken by the router, with a slow poll as the net."""
    settings = process.settings
    channel = KafkaChannel(settings.kafka(), timeout=settings.publish_timeout_seconds)
    sender = Sender(
        process.name,
        process.ledger,
        channel,
        lease_seconds=settings.lease_seconds,
        passed=process.passed,
    )
    wake = asyncio.Event()
    busy: list[bool] = [False]
    tasks = [
        asyncio.create_task(_listen(process, wake)),
        asyncio.create_task(watch(process, lambda: busy[0])),
    ]
    try:
        await _send_until_stopped(process, sender, wake, busy)
    finally:
        for task in tasks:
            task.cancel()
        await channel.stop()


async def _send_until_stopped(process: Process, sender: Sender, wake: asyncio.Event, busy: list[bool]) -> None:
    renew_at, wait = 0.0, FIRST_WAIT
    while not process.stop.is_set():
        busy[0] = True  # until it is known that nothing was to do: a step may stand still after an idle hour as well
        try:
            if monotonic() >= renew_at:
                await sender.renew()
                renew_at = monotonic() + process.settings.lease_seconds / 3
                metrics.beat(process.role)
            tried = await sender.round()
        except (*AWAY, KafkaError) as error:  # Kafka too: to take lanes over, the tails of their topics must be read
            log.warning("waiting", role=process.role, error_type=type(error).__name__)
            sender.lost()
            renew_at = 0.0
            process.waiting_for_ledger = True
            await process.pause(wait)
            wait = min(LONGEST_WAIT, wait * 2)
            continue
        wait = FIRST_WAIT
        process.waiting_for_ledger = False
        process.moved()
        busy[0] = tried > 0
        if not tried:
            await process.pause(process.settings.poll_seconds, wake)
    try:
        await asyncio.wait_for(sender.stop(), 5)
    except AWAY as error:
        log.warning("lanes are left to their lease", role=process.role, error_type=type(error).__name__)


async def _listen(process: Process, wake: asyncio.Event) -> None:
    """Hear the router's wake-ups on a connection of its own; while it is away the slow poll does."""
    while not process.stop.is_set():
        try:
            async with await psycopg.AsyncConnection.connect(
                process.settings.postgres("sharewell-listen"), autocommit=True
            ) as connection:
                await connection.execute("LISTEN sharewell_due")
                wake.set()
                async for _ in connection.notifies():
                    wake.set()
        except AWAY:
            await process.pause(1.0)
