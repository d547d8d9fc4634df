"""The front of the command line: every failure becomes a sentence, how to mend it, and an exit code."""

import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from deploy.commands.ends import CUT, USAGE, Ended, explained

_NUMBER = re.compile(r"(?<!\d)\d{3}[-. /]?\d{3}[-. /]?\d{4}(?!\d)")
_EXTRA = re.compile(r"(extra arguments?) \(.*\)", re.DOTALL)


class Front(TyperGroup):
    """The group of all commands; nothing that was typed and may be an NHS number is repeated."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and end the process with its exit code."""
        if args is None:
            _quiet_at_the_end()
        try:
            code = self._ended(args, prog_name, complete_var, windows_expand_args, **extra)
            sys.stdout.flush()
        except (BrokenPipeError, SystemExit) as gone:
            if not _is_cut(gone):
                raise
            code = _let_go()
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)

    def _ended(
        self,
        args: Sequence[str] | None,
        prog_name: str | None,
        complete_var: str | None,
        windows_expand_args: bool,
        **extra: Any,
    ) -> Any:
        try:
            return super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.Abort:
            return _say(Ended(130, "Stopped; nothing more was done."))
        except Exception as error:
            return _say(_usage(error) or explained(error))


def commands_of(context: typer.Context) -> list[str]:
    """The names of all commands, as they are typed, of the command line that is running."""
    root = context.find_root()
    assert isinstance(root.command, TyperGroup)
    return root.command.list_commands(root)


def _usage(error: Exception) -> Ended | None:
    """What was typed cannot be understood: typer's own words, without what may name somebody."""
    if not hasattr(error, "format_message"):
        return None
    words = _NUMBER.sub("(a number)", _EXTRA.sub(r"\1", str(error.format_message()).replace("Value error, ", "")))
    context = getattr(error, "ctx", None)
    mend = f"See: {context.command_path} --help" if context is not None else ""
    return Ended(getattr(error, "exit_code", USAGE), words, mend)


def _say(end: Ended) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{end.words}\n{end.mend}{chr(10) if end.mend else ''}")
    return end.code


def _is_cut(end: BaseException) -> bool:
    """Whether whoever read the output has gone; typer and rich end the process themselves when they meet that."""
    return isinstance(end, BrokenPipeError) or isinstance(end.__context__, BrokenPipeError)


def _let_go() -> int:
    """What is not written yet goes nowhere, or Python would complain of it as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CUT


def _quiet_at_the_end() -> None:
    """Whatever a library logs in a process of ours goes through the chain that can name nobody."""
    import logging

    logging.raiseExceptions = False
    logging.lastResort = None
