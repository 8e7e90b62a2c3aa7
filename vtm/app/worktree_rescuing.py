"""Brings back what was saved from worktrees."""

import os
from collections.abc import Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.app.worktree_places import alone, rescue_name, room_of, top_of
from vtm.app.worktrees import made
from vtm.errors import VtmError, WrongUsageError
from vtm.git.calling import Git
from vtm.git.rescues import Rescue, Rescues, name_in
from vtm.git.restoring import restored
from vtm.git.snapshot import differences
from vtm.model.naming import nearest
from vtm.model.task import Task
from vtm.queries import worktree_rescue
from vtm.queries.shell_words import word
from vtm.queries.worktree_rescue import BroughtBack, Saved


def rescues(app: App, task: Task | None = None) -> worktree_rescue.Rescues:
    """What was saved, of all tasks or of one.

    Raises:
        WrongUsageError: Outside git.
        ExternalError: Git cannot answer.
    """
    top = top_of(app)
    found = Rescues(top).all()
    wanted = found if task is None else [each for each in found if _is_of(each, task)]
    names = {rescue_name(each.task_id): each.task_id for each in app.backlog.tasks}
    shown = [_shown(top, each, names.get(name_in(each.ref), "")) for each in wanted]
    return worktree_rescue.Rescues(shown)


def brought_back(app: App, task: Task, ref: str = "") -> BroughtBack:
    """Bring back what was saved of a task last, or as `ref`, into its worktree; it stays saved.

    A worktree that is gone is made anew.

    Raises:
        VtmError: Nothing was saved.
        WrongUsageError: Nothing was saved under this name.
        RefusedError: A gate refuses to make the worktree.
        ConflictError: A file was changed since in another way.
        ExternalError: Git or the system refuses; the worktree is as it was.
    """
    top = top_of(app)
    chosen = _chosen([each for each in Rescues(top).all() if _is_of(each, task)], task, ref)
    worktree = made(app, task)
    with alone(app, top):
        done = restored(Path(worktree.path), chosen, room_of(app))
    return BroughtBack(
        task.task_id,
        worktree.branch,
        worktree.path,
        worktree.created,
        _printable(done.paths),
        done.there,
        done.lacks,
        _shown(top, chosen, task.task_id),
    )


def _is_of(rescue: Rescue, task: Task) -> bool:
    return name_in(rescue.ref) == rescue_name(task.task_id)


def _chosen(found: Sequence[Rescue], task: Task, ref: str) -> Rescue:
    if not found:
        raise VtmError(
            f"nothing was saved of {task.task_id}",
            code="NO-RESCUE",
            fix="`vtm worktree rescue --list` shows what was",
        )
    wanted = [each for each in found if not ref or ref in {each.ref, each.ref.rpartition("/")[2]}]
    if not wanted:
        near = nearest(ref, [each.ref for each in found])
        raise WrongUsageError(
            f"nothing was saved of {task.task_id} under {ref}",
            code="NO-RESCUE",
            fix=f"did you mean {' or '.join(near)}?" if near else f"there is {found[-1].ref}",
        )
    return wanted[-1]


def _shown(top: Path, rescue: Rescue, task_id: str) -> Saved:
    paths = differences(Git.at(top), rescue.parents[0], rescue.tree)
    return Saved(
        task_id,
        rescue.ref,
        rescue.commit,
        rescue.parents[0],
        rescue.saved_at,
        _printable(sorted(paths)),
        f"git update-ref -d {word(rescue.ref)} {rescue.commit}",
    )


def _printable(paths: Sequence[str]) -> list[str]:
    """Paths as text; bytes that are no UTF-8 come as escapes."""
    return [os.fsencode(each).decode("utf-8", "backslashreplace") for each in paths]
