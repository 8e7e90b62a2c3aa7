"""What the commands share that answer events of agents."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from vtm.cli.answering import Moment
from vtm.cli.help import help_text, helped
from vtm.cli.hosting import host
from vtm.cli.main import Start

_FORM = "Changes nothing: a reply has the form that clients read."


def hosted(name: str) -> Callable[[Callable[[], None]], Callable[..., int]]:
    """Make a command of a docstring: it answers the event `name`."""

    def decorate(function: Callable[[], None]) -> Callable[..., int]:
        @click.option("--format", "_format", type=click.Choice(["text", "json"]), help=_FORM)
        @click.option("--json", "_json", is_flag=True, help=_FORM)
        @click.option("--now", type=Moment(), metavar="TIME", help="Count ages from TIME (ISO 8601) instead.")
        @helped
        @functools.wraps(function)
        def wrapped(now: datetime | None, **_: Any) -> int:
            start: Start = click.get_current_context().obj
            return host(name, start.folder, now)

        wrapped.__doc__ = help_text(function.__doc__)
        return wrapped

    return decorate
