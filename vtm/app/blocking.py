"""Blocks a task, with a task that is to resolve what blocks it."""

from vtm.app.app import App
from vtm.engine.recorder import Recorder
from vtm.engine.request import Prepared, Request
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.task import Task
from vtm.queries.changed import Changed


def blocked(
    app: App,
    engine: Recorder,
    name: str,
    caller: Caller,
    details: Details,
    *,
    create_resolver: bool,
    dry_run: bool,
) -> Changed:
    """Block a task; with `create_resolver` the backlog gets a task that it then depends on.

    Raises:
        RefusedError: Somebody else holds the task.
        IllegalTransitionError: It is neither pending nor in progress.
    """

    def prepare(backlog: Backlog, task: Task) -> Prepared:
        from vtm.app.resolving import add_resolver  # noqa: PLC0415  only where it is asked for

        added = add_resolver(app, backlog, task, details.suggestion, write=not dry_run)
        gated = app.settings.git.gate and app.project.repository is not None
        if added.paths and gated and not dry_run:
            names = " and ".join(added.paths)
            engine.notices.append(f"commit {names}: until then git is not clean, and no task can be started")
        return Prepared(added.task_id, added.manifest_hash)

    return engine.record(
        Request(
            name,
            Kind.BLOCK,
            caller,
            lambda _backlog, _task: details,
            dry_run=dry_run,
            prepare=prepare if create_resolver else None,
        )
    )
