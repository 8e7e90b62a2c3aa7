"""`vtm graph`."""

from typing import Any

import click

from vtm.cli import graphing
from vtm.cli.groups import Commands
from vtm.cli.help import helped
from vtm.sources.decoder import paused_collector


class _Analyses(Commands):
    """Commands that make many objects and no cycles: without the collector they take half the time."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=graphing, **attributes)

    def invoke(self, ctx: click.Context) -> Any:
        """Run one of them."""
        with paused_collector():
            return super().invoke(ctx)


@click.group(cls=_Analyses)
@helped
def command() -> None:
    """Look at dependencies and what follows from them.

    Example:
      vtm graph show
      vtm graph critical --by estimate
    """
