"""Changes of one task, as most commands make them."""

from collections.abc import Callable

from vtm.app.recording import recorder
from vtm.cli.answering import Way
from vtm.engine.request import Request
from vtm.errors import ExitCode
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.task import Task


def change(
    way: Way,
    task: str,
    kind: Kind,
    caller: Caller,
    details: Details | Callable[[Backlog, Task], Details],
    *,
    dry_run: bool,
) -> ExitCode:
    """Let one thing happen to one task, and show what has changed."""
    engine = recorder(way.app)
    given = details if callable(details) else lambda _backlog, _task: details
    answer = engine.record(Request(task, kind, caller, given, dry_run=dry_run))
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
