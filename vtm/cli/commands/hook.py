"""`vtm hook`."""

from typing import Any

import click

from vtm.cli import hooking
from vtm.cli.groups import Commands
from vtm.cli.help import helped


class _Events(Commands):
    """What is done about events, one file per event."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=hooking, **attributes)


@click.group(cls=_Events)
@helped
def command() -> None:
    """Hooks that git calls.

    Example:
      vtm hook pre-commit
    """
