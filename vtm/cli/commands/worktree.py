"""`vtm worktree`."""

from typing import Any

import click

from vtm.cli import worktrees
from vtm.cli.groups import Commands
from vtm.cli.help import helped


class _Worktrees(Commands):
    """What is done with worktrees, one file each."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=worktrees, **attributes)


@click.group(cls=_Worktrees)
@helped
def command() -> None:
    """Give each task a worktree and a branch of its own.

    They are in `.worktrees`, which git is told to ignore.

    Example:
      vtm worktree make AUTH--T03
      vtm worktree list
    """
