"""`vtm logs`."""

from collections.abc import Iterator

import click

from vtm.app.session_logs import followed, log_of
from vtm.cli.answering import Way, answering
from vtm.cli.output import flush
from vtm.errors import ExitCode
from vtm.rendering.plain import many_lines


@click.command()
@click.argument("session", metavar="SESSION")
@click.option("--follow", is_flag=True, help="Print what comes as well, until the session ends.")
@click.option("--tail", type=click.IntRange(min=0), metavar="N", help="Only the last N lines that are there.")
@answering()
def command(way: Way, session: str, follow: bool, tail: int | None) -> ExitCode:
    """Print what a session printed, secrets masked.

    SESSION is its id, or that of its task. What a terminal would obey is shown as an escape.

    Example:
      vtm logs AUTH--T02:1 --tail 50
      vtm logs AUTH--T02 --follow
    """
    if follow and way.format == "json":
        raise click.UsageError("--follow prints lines as they come, and JSON is one object: choose one.")
    if follow:
        _print(way, followed(way.app, session, tail))
    else:
        way.show(log_of(way.app, session, tail))
    return ExitCode.OK


def _print(way: Way, lines: Iterator[str]) -> None:
    """Print each line when it comes, until Ctrl-C."""
    try:
        for line in lines:
            way.write(many_lines(line) or " ")
            flush()
    except KeyboardInterrupt:
        return
