"""Help, written as the docstrings of commands."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any

import click


def helped(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `-h` and `--help`.

    Click's own option asks gettext for its text in every process, which takes longer than to read a backlog.
    """
    return click.option(
        "-h",
        "--help",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help="Show this message and exit.",
    )(function)


def _show_help(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


def help_text(docstring: str | None) -> str:
    """A docstring as click's help; the lines of its example are not run together."""
    return cleandoc(docstring or "").replace("\n\nExample:\n", "\n\n\b\nExample:\n")
