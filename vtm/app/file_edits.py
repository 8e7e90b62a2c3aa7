"""What the file of a task is to hold."""

from collections import Counter
from pathlib import Path

from vtm.errors import ConflictError
from vtm.model.own_file import as_known
from vtm.model.state import TaskState
from vtm.model.task import FileTask
from vtm.ports.reading import Declared
from vtm.stores.watched import Edit, Watched


def file_edit(root: Path, declared: Declared, task: FileTask, state: TaskState) -> Edit | None:
    """The edit after which the file of `task` says `state`; None where it says so already.

    Raises:
        UnreadableError: The file cannot be read, or not be edited without a doubt.
        ConflictError: It is not the one any more that `task` was read from.
    """
    from vtm.sources.markdown_task import read_task  # noqa: PLC0415  yaml: 15 ms, only where there are files
    from vtm.sources.task_text import edited  # noqa: PLC0415  ruamel.yaml: 60 ms, the same

    before = Watched.read(root, _name(declared, task.task_id))
    found = read_task(before.name, before.data).task
    if found is None or as_known(found, state) != task:
        raise ConflictError(
            f"{before.name} was changed by somebody else while it was being edited; nothing was written",
            code="CHANGED-UNDERNEATH",
            path=before.name,
            fix="run it again",
        )
    after = edited(before.data, before.name, task, state, _words(declared))
    return None if after == before.data else Edit(before, after)


def _words(declared: Declared) -> list[str]:
    """How task files write their statuses, the most frequent first."""
    tasks = declared.manifest.tasks if declared.manifest else ()
    found = Counter(
        task.status_word or str(task.declared_status) for task in tasks if isinstance(task, FileTask)
    )
    return [word for word, _ in found.most_common()]


def _name(declared: Declared, task_id: str) -> str:
    """The path of the file that declares a task first."""
    tasks = declared.manifest.tasks if declared.manifest else ()
    return next(
        origin.path for task, origin in zip(tasks, declared.origins, strict=True) if task.task_id == task_id
    )
