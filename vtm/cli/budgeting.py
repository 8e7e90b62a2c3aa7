"""The option that limits how long an answer may be."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

from vtm.queries.budget import within

T = TypeVar("T", bound=msgspec.Struct)


def budgeting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--budget`."""
    return click.option(
        "--budget",
        type=click.IntRange(min=1),
        metavar="N",
        help="At most N tokens of JSON, 4 characters each; whole items are left out from the end.",
    )(function)


def cut(answer: T, budget: int | None, *lists: str) -> T:
    """`answer` with no more of `lists` than `budget` allows; None: all."""
    return within(answer, budget, lists) if budget else answer
