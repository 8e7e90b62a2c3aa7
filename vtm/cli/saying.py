"""Texts that a user says, or sends to standard input."""

from typing import Any

import click

from vtm.cli.recording import Said
from vtm.cli.stdin import read_stdin
from vtm.model.plain import whole


class SaidOrSent(Said):
    """A text that says something; `-`: standard input is it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a text; what is no UTF-8 comes as escapes."""
        text = read_stdin().decode("utf-8", "backslashreplace") if value == "-" else value
        return super().convert(whole(text), param, ctx)
