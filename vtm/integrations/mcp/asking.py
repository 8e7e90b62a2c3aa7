"""Tools that only look."""

from msgspec import UNSET

from vtm.app.app import App
from vtm.graph.readiness import Readiness
from vtm.integrations.mcp.arguments import Filtering, Next, Show
from vtm.integrations.mcp.session import Call
from vtm.model.naming import task_named
from vtm.model.status import Risk
from vtm.queries.filters import Filters
from vtm.queries.next_task import next_task
from vtm.queries.outlook import Outlook, outlook
from vtm.queries.pulse import Pulse, pulse
from vtm.queries.shown import ShownTask, shown_task


def next_(call: Call, asked: Next) -> Outlook:
    """The task to start now, and how far things are."""
    app = call.app()
    readiness = Readiness(app.backlog)
    findings_of = app.startable_findings() if asked.startable else app.own_findings
    answer = next_task(readiness, filters(asked), findings_of, startable=asked.startable)
    return outlook(answer, pulse(app.backlog, readiness, app.now))


def show(call: Call, asked: Show) -> ShownTask:
    """All that is known of one task."""
    app = call.app()
    return shown(call, app, call.task(app, asked.task))


def shown(call: Call, app: App, task_id: str) -> ShownTask:
    """All that is known of the task with this id.

    Raises:
        WrongUsageError: There is none.
    """
    backlog = app.backlog
    task = task_named(backlog, task_id)
    findings = call.ask(app, lambda asked: asked.all_findings(task))
    return shown_task(backlog, Readiness(backlog), task, findings)


def how_far(app: App) -> Pulse:
    """The state of the work."""
    return pulse(app.backlog, Readiness(app.backlog), app.now)


def filters(asked: Filtering) -> Filters:
    """Which tasks are wanted."""
    return Filters(asked.phase, asked.slice, None if asked.risk is UNSET else Risk(asked.risk))
