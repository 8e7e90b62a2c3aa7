"""`vtm hook`."""

import sys
from typing import Any

import click

from vtm.cli import EVENTS, hooking
from vtm.cli.groups import Commands
from vtm.cli.help import helped


class _Events(Commands):
    """What is done about events, one file per event."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=hooking, **attributes)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` call; nobody but a person is told that there is none.

        A client that is newer than vtm must not be broken by an event that vtm does not know, nor any by an
        option that somebody wrote into its settings: exit code 2 would refuse the use of a tool.
        """
        if args[0].startswith("-") or ctx.resilient_parsing or (sys.stdin is not None and sys.stdin.isatty()):
            return super().resolve_command(ctx, args)
        found = self.get_command(ctx, args[0])
        if found is None:
            return args[0], _NOTHING, []
        wrong = args[0] in EVENTS and not _is_understood(found, ctx, args)
        return args[0], found, [] if wrong else args[1:]


def _is_understood(command: click.Command, ctx: click.Context, args: list[str]) -> bool:
    try:
        command.make_context(args[0], args[1:], ctx)
    except click.UsageError:
        return False
    return True


_NOTHING = click.Command("nothing")
"""What is done about an event that is not known."""


@click.group(cls=_Events)
@helped
def command() -> None:
    """Hooks that git and the clients of agents call.

    Of an agent's events, each comes as JSON on standard input, and the answer is what the client reads: a
    hook that has nothing to say prints nothing and ends with 0, whatever goes wrong. `vtm init --agent`
    installs them. `vtm init --git` installs git's.

    Example:
      vtm hook pre-commit
    """
