"""Adds the task that is to resolve what blocks another one."""

from typing import Any, NamedTuple

import msgspec

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.errors import ConflictError
from vtm.graph.lookup import is_on_cycle
from vtm.model.backlog import Backlog
from vtm.model.own_file import has_file
from vtm.model.plain import whole
from vtm.model.status import Risk, Status
from vtm.model.task import Task

_OVER = {Status.COMPLETED, Status.ABANDONED}


class Resolver(NamedTuple):
    """The task that is to resolve what blocks another one.

    Attributes:
        task_id: Its id.
        created: Whether it is new; otherwise one is taken that is there and not over.
        manifest_hash: What the state file is to carry from now on; empty: what it carries stays.
        paths: What was written.
    """

    task_id: str
    created: bool
    manifest_hash: str
    paths: list[str]


def add_resolver(app: App, backlog: Backlog, task: Task, suggestion: str, *, write: bool = True) -> Resolver:
    """Have `task` depend on a task that resolves what blocks it, which is added where `task` is if need be.

    The caller holds the lock of the state, and writes the hash into the state. If that fails, the task that
    was added is the one that the next call takes.

    Raises:
        UnreadableError: What declares `task` cannot be edited.
        ConflictError: It was changed by somebody who holds no lock.
        ExternalError: The system refuses; nothing was changed.
    """
    name, exists = _name(backlog, task)
    if has_file(task):
        from vtm.app.resolving_files import add_resolver_file  # noqa: PLC0415  ruamel.yaml: 60 ms

        paths = add_resolver_file(app, backlog, task, name, suggestion, write=write)
        return Resolver(name, not exists, "", paths)
    declaring = Declaring.read_beside_files(app)
    positions = declaring.text.positions([task.task_id]).get(task.task_id)
    if not positions:
        raise ConflictError(
            f"{task.task_id} is no longer in {declaring.manifest.name}",
            code="CHANGED-UNDERNEATH",
            path=declaring.manifest.name,
            fix="run it again",
        )
    text = declaring.text
    if not exists:
        text = text.with_tasks([_entry(name, task, backlog, suggestion)])
        text = text.with_transaction(declaring.transaction(app, (name,)))
    if name not in task.depends_on_tasks:
        text = text.with_dependency(positions[0], name)
    if text is declaring.text:
        return Resolver(name, created=False, manifest_hash="", paths=[])
    written = declaring.written(text)
    if write:
        declaring.write(written._replace(state=None))
    manifest_hash = written.manifest_hash if declaring.in_step else ""
    return Resolver(name, not exists, manifest_hash, [declaring.manifest.name])


def _name(backlog: Backlog, task: Task) -> tuple[str, bool]:
    """The id of the resolving task, and whether there is such a task.

    One that is over, or that waits for `task` itself, resolves nothing any more.
    """
    number, name = 1, f"resolve-{task.task_id}"
    while name in backlog and (backlog.status(name) in _OVER or _waits(backlog, task, name)):
        number += 1
        name = f"resolve-{task.task_id}-{number}"
    return name, name in backlog


def _waits(backlog: Backlog, task: Task, name: str) -> bool:
    """Whether the task `name` depends on `task`, directly or through others."""
    return is_on_cycle(msgspec.structs.replace(task, depends_on_tasks=(name,)), backlog)


def _entry(name: str, task: Task, backlog: Backlog, suggestion: str) -> dict[str, Any]:
    """The entry of the new task; it has the keys that the backlog's rules ask of it, as `task` has them."""
    listed = any(each.test_verification is not None for each in backlog.tasks)
    entry: dict[str, Any] = {
        "task_id": name,
        "capability_id": task.capability_id,
        "phase": task.phase,
        "slice": task.slice,
        "title": f"Resolve what blocks {task.task_id}",
        "description": whole(suggestion),
        "acceptance_criteria": [{"id": f"{name}--AC01", "text": f"What blocks {task.task_id} is resolved"}],
        "risk": Risk.MEDIUM if task.risk is Risk.HIGH and listed else task.risk,
        "depends_on_tasks": [],
        "related_specs": task.related_specs,
        "gap_codes": task.gap_codes,
    }
    if task.test_verification is not None:
        entry["test_verification"] = []
    if task.parallel is not None and task.conflicts_with is not None:
        entry |= {"parallel": False, "conflicts_with": []}
    return {key: value for key, value in entry.items() if value != "" or key == "description"}
