"""Hand-overs: what a project knows of a task, and what whoever worked at it left in the journal."""

from collections.abc import Callable, Sequence

from vtm.app.app import App
from vtm.app.branch_changes import branch_facts
from vtm.app.place_of_work import at_the_work
from vtm.app.recording import recorder
from vtm.engine.request import Request
from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.naming import task_named
from vtm.model.task import Task
from vtm.queries.changed import Changed
from vtm.queries.handoff import HandedOver, WrittenHandoff, handed_over, latest_written
from vtm.sources.handoffs import read_handoff
from vtm.stores.files import Files
from vtm.stores.journal import Journal


def handoff_of(app: App, name: str) -> HandedOver:
    """What state, journal and branch say of a task, with the latest hand-over of it.

    The branch is that of the task where it is checked out, else the caller's.

    Raises:
        WrongUsageError: There is no such task.
        UnreadableError: A file cannot be read.
        ExternalError: Git cannot answer.
    """
    task = task_named(app.backlog, name)
    events = _journal(app).of(task.task_id)
    return handed_over(app.backlog, task, events, branch_facts(at_the_work(app, name).project, app.settings))


def latest_handoff(app: App, task: Task) -> WrittenHandoff | None:
    """The latest hand-over that somebody wrote of `task`; None: nobody did, or it was undone.

    Raises:
        UnreadableError: The journal cannot be read.
    """
    return latest_written(_journal(app).of(task.task_id))


def written(
    app: App,
    name: str,
    text: bytes,
    caller: Caller,
    *,
    source: str = "the hand-over",
    dry_run: bool = False,
    tell: Callable[[Sequence[str]], None] = lambda _: None,
) -> Changed:
    """Put the hand-over in `text`, which messages call `source`, into the journal; git carries it from there.

    Raises:
        WrongUsageError: There is none in it, it is one of another task, or there is no such task.
        RefusedError: Somebody else holds the task.
    """
    found = read_handoff(text, source)
    tell(found.notices)

    def details(_: Backlog, task: Task) -> Details:
        if found.task_id not in {"", task.task_id}:
            raise WrongUsageError(
                f"the hand-over in {source} is one of {found.task_id}, not of {task.task_id}",
                code="OTHER-TASK",
                fix="name that task, or correct `task_id`",
            )
        return Details(handoff=found.handoff)

    engine = recorder(app)
    answer = engine.record(Request(name, Kind.HANDOFF, caller, details, dry_run=dry_run))
    tell(engine.notices)
    return answer


def _journal(app: App) -> Journal:
    return Files.of(app.project, app.settings.paths).read().journal
