"""`vtm pulse`."""

import time

import click
import msgspec

from vtm.app.app import App
from vtm.cli.answering import Way, answering, terminal
from vtm.cli.output import flush
from vtm.errors import ExitCode, VtmError
from vtm.graph.readiness import Readiness
from vtm.queries.pulse import Aged, Pulse, pulse


@click.command()
@click.option("--watch", is_flag=True, help="Show it again whenever it changes, until Ctrl-C.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.05),
    default=2.0,
    metavar="SECONDS",
    help="How often --watch looks.",
)
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
        _watch(way, shown, interval)
    return ExitCode.OK


def _pulse(app: App) -> Pulse:
    return pulse(app.backlog, Readiness(app.backlog), app.now)


def _watch(way: Way, shown: Pulse, interval: float) -> None:
    """Show the pulse again whenever more than its ages has changed, until interrupted."""
    try:
        while True:
            flush()
            time.sleep(interval)
            try:
                current = _pulse(way.app.again())
            except VtmError:  # someone is writing a file; what was shown stays until it is whole
                continue
            if _lasting(current) != _lasting(shown):
                if terminal().interactive:
                    click.clear()
                way.show(current)
                shown = current
    except KeyboardInterrupt:
        return


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
