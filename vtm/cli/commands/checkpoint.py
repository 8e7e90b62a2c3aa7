"""`vtm checkpoint`."""

from typing import Any

import click

from vtm.cli import checkpointing
from vtm.cli.groups import Commands
from vtm.cli.help import helped


class _Checkpoints(Commands):
    """The commands of a package of their own."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=checkpointing, **attributes)


@click.group(cls=_Checkpoints)
@helped
def command() -> None:
    """Remember a moment of the project, and go back to it.

    Example:
      vtm checkpoint create before-refactoring
      vtm checkpoint rollback phase-1
    """
