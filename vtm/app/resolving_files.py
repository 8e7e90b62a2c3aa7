"""Adds the task that is to resolve what blocks another one, where that one has a file of its own."""

from contextlib import suppress
from pathlib import PurePosixPath

from vtm.app.app import App
from vtm.errors import VtmError
from vtm.model.backlog import Backlog
from vtm.model.plain import whole
from vtm.model.task import Task
from vtm.sources.front_matter_keys import LISTS
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.task_names import any_file_of
from vtm.sources.task_writing import Contents, Stated, task_file
from vtm.stores.new_file import NotCreatedError, create
from vtm.stores.watched import Watched

_NEEDS = [key for key, field in LISTS.items() if field == "depends_on_tasks"]


def add_resolver_file(
    app: App, backlog: Backlog, task: Task, name: str, suggestion: str, *, write: bool = True
) -> list[str]:
    """Have the file of `task` name the task `name`, which gets a file beside it unless there is such a task.

    Returns the paths of what is written.

    Raises:
        UnreadableError: The file of `task` cannot be edited without a doubt; nothing was changed.
        ConflictError: Somebody who holds no lock changed it; nothing was changed.
        VtmError: The system refuses; nothing was changed.
    """
    root, own = app.project.root, backlog.at(task).path
    before = Watched.read(root, own)
    after = before.data
    if name not in task.depends_on_tasks:
        text = FrontMatterText.read(before.data, own)
        key = next((each for each in _NEEDS if text.entry(each)), "depends_on")
        after = text.with_items(key, [*task.depends_on_tasks, name]).data
    added = "" if name in backlog else any_file_of(PurePosixPath(own).parent.as_posix(), name)
    paths = [each for each in (added, own if after != before.data else "") if each]
    if not write:
        return paths
    if added and not create(root, added, _text(name, task, suggestion)):
        raise NotCreatedError.because(added, "it is there already", "give it another name and run it again")
    if after != before.data:
        try:
            before.replace_with(after)
        except VtmError:
            if added:
                with suppress(OSError):
                    (root / added).unlink()
            raise
    return paths


def _text(name: str, task: Task, suggestion: str) -> bytes:
    """The file of the new task: to the rules of the backlog it is like `task`."""
    front: dict[str, object] = {
        "id": name,
        "title": f"Resolve what blocks {task.task_id}",
        "status": "pending",
        "risk": task.grade or task.risk.casefold(),
        "description": whole(suggestion),
    }
    for key in ("capability_id", "phase", "slice", "related_specs", "gap_codes"):
        if value := getattr(task, key):
            front[key] = value
    if task.test_verification is not None:
        front["test_verification"] = []
    if task.parallel is not None and task.conflicts_with is not None:
        front |= {"parallel": False, "conflicts_with": []}
    criterion = Stated("AC01", f"What blocks {task.task_id} is resolved")
    return task_file(Contents(front, criteria=[criterion]))
