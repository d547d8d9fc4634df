"""What the demo and the month have in common around the play: its arguments, its surroundings, and how it stops."""

import argparse
import asyncio
import os
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from rich.console import Console
from rich.text import Text

from deploy.demo.place import Place
from deploy.kept import DidNotStart, tail


def arguments(prog: str, description: str | None, made: str) -> argparse.ArgumentParser:
    """Those of both: `made` is what a seed makes besides the borough."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("--seed", type=int, default=1, help=f"the same seed makes the same borough and {made}")
    parser.add_argument("--children", type=int, default=2000, help="at least so many in the borough")
    return parser


def played(parser: argparse.ArgumentParser, play: Callable[[argparse.Namespace], Coroutine[Any, Any, int]]) -> int:
    """Read the arguments and play; the exit code."""
    asked = parser.parse_args()
    for name in [n for n in os.environ if n.startswith("SHAREWELL_")]:
        del os.environ[name]  # an installation's own settings are not those of a play
    try:
        return asyncio.run(play(asked))
    except KeyboardInterrupt:
        return 130
    except DidNotStart as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    except Exception:  # what nobody foresaw would end in the play's own log, which is gone with its folder
        traceback.print_exc()
        return 1


def stopped(console: Console, place: Place, what: str, stuck: Exception) -> int:
    """Why it cannot go on, with the end of each process's log: logs name nobody."""
    console.print(Text(f"\n{what} cannot go on: {stuck}", "bold red"))
    for role in place.roles.all:
        console.print(Text(f"\n{role.name}, the end of its log:", "bold"))
        console.print(Text(tail(role.log, 6) or "(nothing)"))
    return 1
