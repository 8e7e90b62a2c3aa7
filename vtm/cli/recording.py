"""Options of the commands that change the state of a task; `vtm next` has them too, so this loads little."""

import functools
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import click

from vtm.errors import WrongUsageError
from vtm.model.facts import Caller
from vtm.model.override import Override
from vtm.model.plain import whole
from vtm.model.settings import seconds
from vtm.rules.registry import canonical, known

Wrapped = Callable[..., int]
SESSIONS = ("VTM_SESSION", "CLAUDE_CODE_SESSION_ID")
"""Where the environment names the session: vtm's own word, and what Claude Code tells what it starts."""


class Said(click.ParamType[str]):
    """A text that says something."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a text; what is no UTF-8 comes as escapes."""
        text = whole(str(value).strip())
        if not text:
            self.fail("it is empty; say something that helps whoever reads it later.", param, ctx)
        return text


class Pairs(click.ParamType[tuple[str, str]]):
    """A name and a value with `=` between them."""

    name = "pair"

    def __init__(self, form: str = "AC=PATH") -> None:
        self._form = form

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Read a pair."""
        if isinstance(value, tuple):
            return value
        name, _, path = whole(str(value)).partition("=")
        if not name or not path:
            self.fail(f"{value!r} is not {self._form}.", param, ctx)
        return name, path


class Span(click.ParamType[timedelta]):
    """A length of time such as `30m`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read a length of time."""
        if isinstance(value, timedelta):
            return value
        number, unit = value[:-1], value[-1:]
        if not (number.isascii() and number.isdigit() and len(number) <= 6 and unit in set("smhdw")):
            self.fail(f"{value!r} is not a length of time such as 30m.", param, ctx)
        if not int(number):
            self.fail("no time at all is not enough for anything.", param, ctx)
        return timedelta(seconds=seconds(value))


def recording(function: Wrapped) -> Wrapped:
    """Give a command `--agent`, `--session`, `--epoch` and `--dry-run`, and hand it a `caller`."""
    with_dry_run = click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
    return calling(with_dry_run(function))


def calling(function: Wrapped) -> Wrapped:
    """Give a command `--agent`, `--session` and `--epoch`, and hand it a `caller`."""

    @click.option("--agent", type=Said(), envvar="VTM_AGENT", metavar="NAME", help="Who does it.")
    @click.option("--session", type=Said(), envvar=SESSIONS, metavar="ID", help="Session of the agent.")
    @click.option(
        "--epoch",
        type=click.IntRange(min=0),
        envvar="VTM_EPOCH",
        metavar="N",
        help="Epoch of the lease it is done under (or VTM_EPOCH).",
    )
    @functools.wraps(function)
    def wrapped(agent: str | None, session: str | None, epoch: int | None, **options: Any) -> int:
        return function(caller=Caller(agent or "", session or "", epoch, user()), **options)

    return wrapped


def user() -> str:
    """Who is logged in; empty: nobody knows."""
    return whole(os.environ.get("USER") or os.environ.get("USERNAME") or "")


def overriding(function: Wrapped) -> Wrapped:
    """Give a command `--allow` and `--reason`, and hand it an `override`."""

    @click.option("--allow", multiple=True, metavar="CODE", help="Pass over this gate; needs --reason.")
    @click.option("--reason", type=Said(), metavar="TEXT", help="Why a gate is passed over.")
    @functools.wraps(function)
    def wrapped(allow: Sequence[str], reason: str | None, **options: Any) -> int:
        codes = [canonical(each) for each in allow]
        for code in codes:
            _refuse_family(code)
        return function(override=Override(codes, reason or "").checked(), **options)

    return wrapped


def _refuse_family(code: str) -> None:
    """Let nothing pass that is not one code: an unknown one, or a whole family."""
    known(code)
    if "::" not in code:
        raise WrongUsageError(
            f"{code} is a family or a name; a gate is overridden by its whole code",
            code="USAGE",
            fix="write it as it was reported, for example BLOCKED::WIP-LIMIT",
        )
