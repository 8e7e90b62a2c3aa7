"""Answers that are shown again whenever they change."""

import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

from vtm.app.app import App
from vtm.cli.answering import Way, terminal
from vtm.cli.output import flush
from vtm.errors import VtmError

T = TypeVar("T", bound=msgspec.Struct)


def watching(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--watch` and `--interval`."""

    @click.option("--watch", is_flag=True, help="Show it again whenever it changes, until Ctrl-C.")
    @click.option(
        "--interval",
        type=click.FloatRange(min=0.05),
        default=2.0,
        metavar="SECONDS",
        help="How often --watch looks.",
    )
    @functools.wraps(function)
    def wrapped(**options: Any) -> int:
        return function(**options)

    return wrapped


def watch_for_changes(
    way: Way, shown: T, ask: Callable[[App], T], lasting: Callable[[T], T], interval: float
) -> None:
    """Ask again every `interval` seconds, until interrupted, and show what differs from `shown`.

    `lasting` takes away from an answer what changes by the passing of time alone.
    """
    try:
        while True:
            flush()
            time.sleep(interval)
            try:
                current = ask(way.app.again())
            except VtmError:  # someone is writing a file; what was shown stays until it is whole
                continue
            if lasting(current) != lasting(shown):
                if terminal().interactive:
                    click.clear()
                way.show(current)
                shown = current
    except KeyboardInterrupt:
        return
