"""What a user or program is told when a command fails."""

import os
import sys
import traceback
from collections.abc import Sequence

import click
import msgspec

from vtm import __version__
from vtm.errors import ExitCode, VtmError
from vtm.model.finding import Location
from vtm.rendering.plain import visible
from vtm.rendering.render import Terminal, as_json
from vtm.rendering.text.findings import place

_FIX_BUG = "report it with this output at the project's issue tracker; VTM_DEBUG=1 shows the traceback"


class Failure(msgspec.Struct, frozen=True, tag_field="schema", tag="vtm.error/1"):
    """Why a command gave no answer.

    Attributes:
        error: One word for the kind of failure, the name of the exit code.
        code: What a program can match on.
        location: Where the fault is; null where it is in no file.
        exit: The exit code.
    """

    error: str
    code: str
    message: str
    location: Location | None
    fix: str
    exit: int


def report(error: click.ClickException | VtmError, arguments: Sequence[str]) -> int:
    """Say what went wrong and what to do; returns the exit code."""
    return _tell(_usage(error) if isinstance(error, click.ClickException) else _failure(error), arguments)


def report_bug(error: Exception, arguments: Sequence[str]) -> int:
    """Say that vtm has a bug and how to report it; returns the exit code."""
    if os.environ.get("VTM_DEBUG"):
        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}"
    message = f"this is a bug in vtm {__version__}: {what}"
    return _tell(Failure("bug", "BUG", message, None, _FIX_BUG, ExitCode.BUG), arguments)


def _failure(error: VtmError) -> Failure:
    where = Location(error.path, error.line, error.column) if error.path else None
    exit_code = error.exit_code
    return Failure(exit_code.name.lower(), error.code, error.message, where, error.fix, exit_code)


def _usage(error: click.ClickException) -> Failure:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "vtm"
    return Failure("usage", "USAGE", error.format_message(), None, f"`{command} --help`", ExitCode.USAGE)


def _tell(failure: Failure, arguments: Sequence[str]) -> int:
    if wants_json(arguments):
        click.echo(as_json(failure, Terminal()))
    else:
        at = f"{place(failure.location)}: " if failure.location else ""
        click.echo(visible(f"vtm: {at}{failure.message}"), err=True)
        click.echo(visible(f"     fix: {failure.fix}"), err=True)
    sys.stdout.flush()
    return failure.exit


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether a command line that may not even parse asks for JSON."""
    for place_, argument in enumerate(arguments):
        if argument == "--json":
            return True
        if argument == "--format":
            return list(arguments[place_ + 1 : place_ + 2]) == ["json"]
        if argument.startswith("--format="):
            return argument == "--format=json"
    return os.environ.get("VTM_FORMAT") == "json"
