"""`vtm pulse`."""

import click
import msgspec

from vtm.app.app import App
from vtm.cli.answering import Way, answering
from vtm.cli.watching import watch_for_changes, watching
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.pulse import Aged, Pulse, pulse


@click.command()
@watching
@answering()
def command(way: Way, watch: bool, interval: float) -> ExitCode:
    """Show how far things are, in eleven lines.

    Example:
      vtm pulse
      vtm pulse --now 2026-01-31T12:00:00Z --json
    """
    shown = _pulse(way.app)
    way.show(shown)
    if watch:
        watch_for_changes(way, shown, _pulse, _lasting, interval)
    return ExitCode.OK


def _pulse(app: App) -> Pulse:
    return pulse(app.backlog, Readiness(app.backlog), app.now)


def _lasting(found: Pulse) -> Pulse:
    """A pulse without what changes by the passing of time alone."""
    return msgspec.structs.replace(
        found,
        at=None,
        latest_completed=_ageless(found.latest_completed),
        oldest_in_progress=_ageless(found.oldest_in_progress),
    )


def _ageless(found: Aged | None) -> Aged | None:
    return Aged(found.task_id, found.at, None) if found else None
