"""What a user or program is told when a command fails."""

import os
import traceback
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile, zip_longest

import click

from vtm import __version__
from vtm.cli.output import flush, write
from vtm.errors import ExitCode, VtmError
from vtm.queries.failure import Failure
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal, as_json
from vtm.rendering.text.error import lines

_FIX_BUG = "report it with this output at the project's issue tracker; VTM_DEBUG=1 shows the traceback"


def report(error: click.ClickException | VtmError, *, as_json_: bool) -> int:
    """Say what went wrong and what to do; returns the exit code."""
    if isinstance(error, VtmError):
        return _tell(Failure.of(error), as_json_=as_json_)
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json_:
        _say(error.format_message().splitlines())
        return ExitCode.USAGE
    return _tell(_usage(error), as_json_=as_json_)


def report_bug(error: Exception, *, as_json_: bool) -> int:
    """Say that vtm has a bug and how to report it; returns the exit code."""
    if os.environ.get("VTM_DEBUG"):
        _say("".join(traceback.format_exception(error)).splitlines())
    message = f"this is a bug in vtm {__version__}: {type(error).__name__}: {error}"
    return _tell(Failure("bug", "BUG", message, None, _FIX_BUG, ExitCode.BUG), as_json_=as_json_)


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether a command line that may not even parse asks for JSON."""
    options = list(takewhile(lambda each: each != "--", arguments))
    if "--json" in options:
        return True
    asked = os.environ.get("VTM_FORMAT")
    for option, following in zip_longest(options, options[1:]):
        if option == "--format":
            asked = following
        elif option.startswith("--format="):
            asked = option.removeprefix("--format=")
    return asked == "json"


def _usage(error: click.ClickException) -> Failure:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "vtm"
    without = isinstance(error, click.exceptions.NoArgsIsHelpError)
    message = "Missing command." if without else error.format_message()
    return Failure("usage", "USAGE", message, None, f"see `{command} --help`", ExitCode.USAGE)


def _tell(failure: Failure, *, as_json_: bool) -> int:
    if as_json_:
        write(as_json(failure, Terminal()))
        flush()
    else:
        _say(list(lines(failure, Terminal())))
    return failure.exit


def _say(lines: Sequence[str]) -> None:
    with suppress(OSError):  # nobody reads it; the exit code still tells
        for line in lines:
            click.echo(one_line(line), err=True)
