"""`vtm sessions`."""

import click
from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.seeing_sessions import all_seen
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.cli.watching import watch_for_changes, watching
from vtm.errors import ExitCode
from vtm.queries.sessions import SessionList, session_list


@click.command()
@click.option("--active", is_flag=True, help="Only those that run.")
@click.option("--task", default="", metavar="TASK", help="Only those of this task.")
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N; 0: all.")
@watching
@budgeting
@answering()
def command(
    way: Way, active: bool, task: str, limit: int, budget: int | None, watch: bool, interval: float
) -> ExitCode:
    """List the sessions of agents.

    Those that run come first, then those that are over, the latest first. One is stale when nothing was heard
    of it for the length of a lease. What another machine runs is shown as that machine recorded it.

    Example:
      vtm sessions --active
      vtm sessions --task AUTH--T02 --json
    """

    def ask(app: App) -> SessionList:
        found = session_list(all_seen(app), app.now, active=active, task=task, limit=limit)
        return cut(found, budget, "sessions")

    shown = ask(way.app)
    way.show(shown)
    if watch:
        watch_for_changes(way, shown, ask, _lasting, interval)
    return ExitCode.OK


def _lasting(found: SessionList) -> SessionList:
    """The sessions without what changes by the passing of time alone."""
    return replace(
        found,
        sessions=[
            replace(each, age_seconds=0, silent_seconds=0, heard_at=each.started_at)
            for each in found.sessions
        ],
    )
