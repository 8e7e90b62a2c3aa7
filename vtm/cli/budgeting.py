"""The option that limits how long an answer may be."""

from collections.abc import Callable
from typing import Any

import click


def budgeting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--budget`."""
    return click.option(
        "--budget",
        type=click.IntRange(min=1),
        metavar="N",
        help="At most N tokens of JSON, 4 characters each; whole items are left out from the end.",
    )(function)
