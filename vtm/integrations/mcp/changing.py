"""Tools that change the state of a task; each does what the command of the same name does."""

from datetime import timedelta

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.blocking import blocked
from vtm.app.completing import Claimed, completed
from vtm.app.recording import recorder
from vtm.engine.claiming import Claim, claim_next, start
from vtm.engine.recorder import Recorder
from vtm.engine.request import Request
from vtm.errors import WrongUsageError
from vtm.integrations.mcp import arguments
from vtm.integrations.mcp.asking import filters
from vtm.integrations.mcp.session import Call
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.naming import criteria_named, task_named
from vtm.model.settings import seconds
from vtm.model.task import Task
from vtm.queries.changed import Changed
from vtm.queries.heartbeat import Heartbeat
from vtm.queries.next_task import NoTask
from vtm.queries.started import Started

_KINDS = {
    "met": Kind.MEET,
    "unmet": Kind.UNMEET,
    "note": Kind.NOTE,
    "failed": Kind.ATTEMPT,
    "release": Kind.RELEASE,
    "unblock": Kind.UNBLOCK,
}
_NEEDS = {"met": "criteria", "unmet": "criteria", "note": "text", "failed": "text"}


def claim(call: Call, asked: arguments.Claim) -> Started | NoTask:
    """Take up a task: the one that is named, or the first that can be started."""
    app = call.app(asked.worktree)
    engine = recorder(app)
    caller = replace(call.caller(agent=asked.agent), epoch=None)  # whatever it holds, this is another lease
    wanted = Claim(caller, _span(asked.ttl))
    task = call.task(app, asked.task)
    with engine.desk() as desk:
        answer = start(desk, task, wanted) if task else claim_next(desk, filters(asked), wanted)
    call.notices += engine.notices
    if isinstance(answer, Started):
        call.holds(answer)
    return answer


def update(call: Call, asked: arguments.Update) -> Changed | Heartbeat:
    """Let one thing happen to a claimed task.

    Raises:
        WrongUsageError: What the action needs is missing.
    """
    needed = _NEEDS.get(asked.action)
    given = asked.criteria if needed == "criteria" else asked.text.strip()
    if needed and not given:
        raise WrongUsageError(f"{asked.action} needs {needed}", code="USAGE", fix=f"give `{needed}`")
    app = call.app()
    task, engine = call.task(app, asked.task), recorder(app)
    caller = call.caller(task, asked.agent, asked.epoch)
    if asked.action == "heartbeat":
        return _prolonged(app, engine, task, caller, _span(asked.ttl))

    def details(backlog: Backlog, found: Task) -> Details:
        if needed != "criteria":
            return Details(text=asked.text if needed else "")
        return Details(criteria=criteria_named(backlog, found, asked.criteria))

    answer = engine.record(Request(task, _KINDS[asked.action], caller, details))
    call.notices += engine.notices
    return answer


def complete(call: Call, asked: arguments.Complete) -> Changed:
    """Complete a task, with what shows that it is done."""
    app = call.app(asked.worktree)
    task, engine = call.task(app, asked.task), recorder(app)
    claimed = Claimed(
        None if asked.tests_passed is UNSET else asked.tests_passed,
        asked.commit.strip() or None,
        covers=asked.covers,
        pr_number=None if asked.pr is UNSET else asked.pr,
    )
    answer = completed(app, engine, task, call.caller(task, asked.agent, asked.epoch), claimed, _unheard)
    call.notices += engine.notices
    return answer


def block(call: Call, asked: arguments.Block) -> Changed:
    """Leave a task that cannot be finished now."""
    app = call.app()
    task, engine = call.task(app, asked.task), recorder(app)
    details = Details(reason=asked.reason, tried=asked.tried, suggestion=asked.suggest)
    answer = blocked(
        app,
        engine,
        task,
        call.caller(task, asked.agent, asked.epoch),
        details,
        create_resolver=asked.create_resolver,
        dry_run=False,
    )
    call.notices += engine.notices
    return answer


def _prolonged(app: App, engine: Recorder, name: str, caller: Caller, ttl: timedelta | None) -> Heartbeat:
    task = task_named(app.backlog, name)
    if caller.epoch is None:
        raise WrongUsageError(
            f"this server has not claimed {task.task_id}",
            code="USAGE",
            fix="give the `epoch` that the claim answered with",
        )
    state = app.backlog.state_of(task)
    return Heartbeat.of(engine.heartbeat(task.task_id, state, caller.epoch, ttl or engine.ttl))


def _span(given: str | UnsetType) -> timedelta | None:
    return None if given is UNSET else timedelta(seconds=seconds(given))


def _unheard(_: bytes) -> None:
    """Nothing is run for a client of this server: it has its own ways to, and its user's leave."""
