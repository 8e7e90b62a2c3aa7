"""`vtm aar`."""

from datetime import datetime
from typing import Any

import click

from vtm.app.reviewing import reviewed
from vtm.cli.answering import Moment, Way, answering
from vtm.errors import ExitCode


class _Since(click.ParamType[Any]):
    """A moment, or else what names a checkpoint or a length of time."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | str:
        """Read a moment; what is none stays as it is."""
        try:
            return Moment().convert(value, param, ctx)
        except click.BadParameter:
            return str(value)


@click.command()
@click.option(
    "--since",
    type=_Since(),
    metavar="CHECKPOINT|TIME|SPAN",
    help="Only what happened later: than a checkpoint, a time (ISO 8601), or a while ago, such as 3d.",
)
@answering()
def command(way: Way, since: datetime | str | None) -> ExitCode:
    """Look back on what went right and what wrong.

    The other two sections say what could be better and what is to be done. All of it comes from the journal:
    how long tasks took beside what was estimated, failed verifications, blocks and how they ended, work
    handed back by a merge, changes outside the scope, time without any event, and how much was in progress
    when. As text it is Markdown with facts only; in the JSON each sentence names the numbers it is made from.

    Example:
      vtm aar
      vtm aar --since 7d --json
    """
    way.show(reviewed(way.app, since))
    return ExitCode.OK
