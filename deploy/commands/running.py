"""`sharewell run` and `up`: the processes, one role each, or everything on this machine."""

from typing import Annotated, Literal

import typer

from deploy.commands import reach


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
