"""`sharewell run` and `up`: the processes, one role each, or everything on this machine."""

from typing import Annotated, Literal

import typer

from deploy.commands import reach
from deploy.commands.ends import AWAY, TAKEN, Ended


def run(
    role: Annotated[Literal["router", "deliver", "clocks"], typer.Argument(help="which of the three")],
    name: Annotated[str | None, typer.Option(help="a name that stays the same over restarts")] = None,
) -> None:
    """Run one process until SIGTERM: router takes events and receipts in, deliver sends, clocks climbs the ladders.

    Any number of each may run; they share the work.

    Example: sharewell run router

    Exit codes: 0 it was asked to stop; 1 it could not go on, start it again.
    """
    from deploy.main import run_role

    raise typer.Exit(run_role(role, reach.settings(), name))


def up() -> None:
    """Run everything on this machine until Ctrl-C: Kafka, PostgreSQL, synthetic people, and the three processes.

    Addresses that are set (SHAREWELL_KAFKA_BOOTSTRAP and SHAREWELL_POSTGRES_DSN) are used instead of its own. What was
    kept is there again at the next start.

    Example: sharewell up

    Exit codes: 0 it was asked to stop; 3 Kafka or PostgreSQL did not start; 4 it is up already in this folder.
    """
    from deploy.local import DidNotStart, NoStack
    from deploy.up import AlreadyUp
    from deploy.up import up as run_everything

    try:
        raise typer.Exit(run_everything())
    except AlreadyUp:
        raise Ended(TAKEN, "Sharewell is up already in this folder.", "Use it, or end it with Ctrl-C there.") from None
    except NoStack as none:
        raise Ended(AWAY, f"There is nothing to run on: {none}.", "See: sharewell up --help") from None
    except DidNotStart as failed:
        raise Ended(AWAY, f"It did not start: {failed}", "Mend what its log says; the log is in .sharewell.") from None
