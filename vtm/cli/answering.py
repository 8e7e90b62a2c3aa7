"""What all commands share: the output options, the app, and showing the answer."""

import functools
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from vtm.app.app import App
from vtm.errors import ExitCode
from vtm.rendering.render import Terminal, as_json, as_text

ALL_FORMATS = ("text", "json", "github", "sarif", "junit")
Command = Callable[..., ExitCode]


class Way:
    """What a command is handed: the app, and how to show an answer.

    Attributes:
        app: The project at hand.
        format: The form that was asked for.
    """

    def __init__(self, app: App, format_: str) -> None:
        self.app = app
        self.format = format_

    def show(self, answer: msgspec.Struct) -> None:
        """Print an answer."""
        render = as_json if self.format == "json" else as_text
        self.write(render(answer, terminal()))

    def write(self, text: str) -> None:
        """Print text that is already in its final form."""
        if text:
            sys.stdout.buffer.write(text.encode() + b"\n")


def terminal() -> Terminal:
    """What standard output is."""
    interactive = sys.stdout.isatty()
    return Terminal(
        interactive,
        interactive and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        shutil.get_terminal_size().columns if interactive else 80,
    )


def answering(*more_formats: str) -> Callable[[Command], Callable[..., int]]:
    """Give a command `--format`, `--json` and `--now`, and hand it a `Way` first."""
    formats = ("text", "json", *more_formats)

    def decorate(function: Command) -> Callable[..., int]:
        @click.option("--format", "format_", type=click.Choice(formats), help="Form of the output.")
        @click.option("--json", "as_json_", is_flag=True, help="Short for --format json.")
        @click.option(
            "--now", type=_Moment(), metavar="TIME", help="Count ages from TIME (ISO 8601) instead."
        )
        @functools.wraps(function)
        def wrapped(format_: str | None, as_json_: bool, now: datetime | None, **options: Any) -> int:
            folder: Path = click.get_current_context().obj
            chosen = _format(format_, as_json_, formats)
            return function(Way(App.at(folder, now), chosen), **options)

        return wrapped

    return decorate


def _format(asked: str | None, as_json_: bool, formats: tuple[str, ...]) -> str:
    if as_json_:
        if asked not in {None, "json"}:
            raise click.UsageError(f"--json and --format {asked} contradict each other.")
        return "json"
    default = os.environ.get("VTM_FORMAT") or "text"
    if default not in ALL_FORMATS:
        raise click.UsageError(f"VTM_FORMAT is {default!r}; it can be {', '.join(ALL_FORMATS)}.")
    return asked or (default if default in formats else "text")


class _Moment(click.ParamType[Any]):
    """A moment in ISO 8601; without an offset it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-01-31T12:00:00Z.", param, ctx)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
