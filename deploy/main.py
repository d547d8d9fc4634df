"""Runs one role as a process: the only place that knows every adapter."""

import asyncio
from typing import Literal

import structlog

from deploy import clocks_role, deliver_role, logging, metrics, router_role
from deploy.parts import make_process
from deploy.settings import Settings

Role = Literal["router", "deliver", "clocks"]
ROLES = {"router": router_role.run, "deliver": deliver_role.run, "clocks": clocks_role.run}

log = structlog.get_logger()
IN_ORDER, BY_FORCE = 0.6, 0.1
"""Shares of `stop_seconds`: for work to come to its end; for ending it otherwise, and then for closing connections."""


def run_role(role: Role, settings: Settings, name: str | None = None) -> int:
    """Run one role until SIGTERM; the exit code: 0 when it was asked to stop, 1 when it could not go on."""
    logging.set_up(settings.log_level, json=settings.log_json)
    return asyncio.run(_run(role, settings, name))


async def _run(role: Role, settings: Settings, name: str | None) -> int:
    process = await make_process(role, settings, name)
    metrics.show(metrics.OF_ROLE[role])
    server = metrics.serve(
        settings.metrics_host,
        settings.metrics_port,
        lambda: (not process.waiting_for_ledger and not process.stop.is_set(), "waiting for the ledger"),
    )
    log.info("started", role=role, port=server.server_port)
    work = asyncio.create_task(ROLES[role](process))
    stopped = asyncio.create_task(process.stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        await asyncio.wait({work}, timeout=settings.stop_seconds * IN_ORDER)
    if not work.done():
        log.warning("does not end, ended", role=role)
        work.cancel()
        await asyncio.wait({work}, timeout=settings.stop_seconds * BY_FORCE)
    if work.done() and not work.cancelled() and (error := work.exception()) is not None:
        log.error("the role ended by an error", role=role, error_type=type(error).__name__, exc_info=error)
        process.exit_code = 1
    server.shutdown()
    await process.pool.close(timeout=settings.stop_seconds * BY_FORCE)
    log.info("stopped", role=role)
    return process.exit_code
