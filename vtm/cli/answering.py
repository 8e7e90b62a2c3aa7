"""What all commands share: the output options, the app, and showing the answer."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from vtm.app.app import App
from vtm.cli.help import help_text, helped
from vtm.cli.main import Start
from vtm.cli.output import write
from vtm.errors import ExitCode, ExternalError
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal, as_json, as_text

ALL_FORMATS = ("text", "json", "github", "sarif", "junit")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""Leaves room for what is counted from a moment; a journal's ids count from 1970."""

T = TypeVar("T")
Command = Callable[..., ExitCode]


class Way:
    """What a command is handed: the app, and how to show an answer.

    Attributes:
        app: The project at hand.
        format: The form that was asked for; `chosen`: whether anybody said so, by an option or a variable.
        folder: Where the command runs; paths that a user names are relative to it.
    """

    def __init__(self, app: App, format_: str, folder: Path, *, chosen: bool = True) -> None:
        self.app = app
        self.format = format_
        self.chosen = chosen
        self.folder = folder

    def ask(self, question: Callable[[App], T]) -> T:
        """What `question` answers; where git cannot be asked, without git, which is said.

        Raises:
            ExternalError: Something else failed.
        """
        try:
            return question(self.app)
        except ExternalError as error:
            click.echo(one_line(f"vtm: {error.message}; answered without git"), err=True)
            return question(self.app.without_git())

    def show(self, answer: msgspec.Struct) -> None:
        """Print an answer."""
        render = as_json if self.format == "json" else as_text
        write(render(answer, terminal()))

    def tell(self, notices: Sequence[str]) -> None:
        """Say something beside the answer."""
        for notice in notices:
            click.echo(one_line(f"vtm: {notice}"), err=True)

    def write(self, text: str) -> None:
        """Print text that is already in its final form."""
        if text:
            write(text)


def terminal() -> Terminal:
    """What standard output is."""
    if not sys.stdout.isatty():
        return Terminal()
    from shutil import get_terminal_size  # noqa: PLC0415  2 ms, only at a terminal

    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Terminal(interactive=True, decorated=not plain, width=get_terminal_size().columns)


def answering(*more_formats: str) -> Callable[[Command], Callable[..., int]]:
    """Give a command `--format`, `--json` and `--now`, and hand it a `Way` first."""
    formats = ("text", "json", *more_formats)

    def decorate(function: Command) -> Callable[..., int]:
        @click.option("--format", "format_", type=click.Choice(formats), help="Form of the output.")
        @click.option("--json", "as_json_", is_flag=True, help="Short for --format json.")
        @click.option("--now", type=Moment(), metavar="TIME", help="Count ages from TIME (ISO 8601) instead.")
        @helped
        @functools.wraps(function)
        def wrapped(format_: str | None, as_json_: bool, now: datetime | None, **options: Any) -> int:
            start: Start = click.get_current_context().obj
            json = as_json_ or start.json
            chosen = bool(format_ or json or os.environ.get("VTM_FORMAT"))
            form = _format(format_, json, formats)
            way = Way(App.at(start.folder, now), form, start.folder, chosen=chosen)
            code = function(way, **options)
            way.tell(way.app.unread)
            return code

        wrapped.__doc__ = help_text(function.__doc__)
        return wrapped

    return decorate


def _format(asked: str | None, as_json_: bool, formats: tuple[str, ...]) -> str:
    if as_json_ and asked not in {None, "json"}:
        raise click.UsageError(f"--json and --format {asked} contradict each other.")
    if as_json_ or asked:
        return asked or "json"
    default = os.environ.get("VTM_FORMAT") or "text"
    if default not in ALL_FORMATS:
        raise click.UsageError(f"VTM_FORMAT is {default!r}; it can be {', '.join(ALL_FORMATS)}.")
    return default if default in formats else "text"


class Moment(click.ParamType[Any]):
    """A moment in ISO 8601; without an offset it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment."""
        try:
            moment = datetime.fromisoformat(value)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time such as 2026-01-31T12:00:00Z.", param, ctx)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            self.fail(f"{value!r} is not between the years {_FIRST_YEAR} and {_LAST_YEAR}.", param, ctx)
        return moment
