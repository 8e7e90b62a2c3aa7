"""The files of a checkpoint, brought back to main by a commit that comes of what is there."""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from vtm.app.app import App
from vtm.app.own_files import own_files
from vtm.app.setting_checkpoints import uncommitted
from vtm.git.contents import Contents
from vtm.git.lines import History
from vtm.git.objects import Entry, Objects
from vtm.model.checkpoint import Record
from vtm.sources.task_difference import differ_in_state_only


def to_restore(app: App, top: Path, head: str, record: Record) -> dict[str, Entry | None]:
    """Path to what it was at a checkpoint, for all that differ in `head`; vtm's own files are none of them.

    Raises:
        ExternalError: Git cannot answer.
    """
    found = Objects(top).changes(head, record.commit)
    own = _own(app, top, head, record.commit, found)
    return {path: entry for path, entry in found.items() if path not in own}


def restoring_commit(top: Path, head: str, files: Mapping[str, Entry | None], name: str) -> str:
    """A commit that comes of `head` and has `files`; no branch has it yet. Empty: there is nothing to do.

    Raises:
        ExternalError: Git does not know who commits, or cannot make it.
    """
    if not files:
        return ""
    objects = Objects(top)
    said = f"Roll back to checkpoint {name}\n\nThe files are as they were then; see `vtm checkpoint show`.\n"
    return objects.commit(objects.tree(head, files), head, said)


def move_main(app: App, top: Path, head: str, commit: str) -> None:
    """Let main, which is at `head`, be `commit`; what vtm alone changed in files that change is put aside.

    What was put aside is in the checkpoint of the present, and in the journal. Where an earlier try ended
    among the files, those that are as `commit` has them, or are missing, are no obstacle.

    Raises:
        ExternalError: Git refuses, for example since a file would be lost that is in no commit.
    """
    objects, history = Objects(top), History(top)
    left, wanted, before = uncommitted(app, top), objects.changes(head, commit), objects.changes(commit, head)
    found = objects.kept([path for path in left.foreign if path in wanted])
    arrived = [
        path
        for path in left.foreign
        if path in wanted and (found.get(path) == wanted[path] or not (top / path).exists())
    ]
    for path in arrived:
        if before[path] is None:
            (top / path).unlink(missing_ok=True)
    ours = [path for path in left.in_state if path in wanted]
    history.as_committed([*ours, *(path for path in arrived if before[path] is not None)])
    history.go_on(commit)


def _own(app: App, top: Path, head: str, then: str, paths: Mapping[str, Entry | None]) -> set[str]:
    """Those of `paths` that vtm alone writes, or that differ in nothing but what it writes."""
    files = own_files(app)
    folder = posixpath.join(files.folder, ".vtm") + "/"
    tasks = posixpath.join(files.folder, app.settings.paths.tasks) + "/"
    own = {path for path in paths if path in {files.state, files.journal} or path.startswith(folder)}
    asked = [path for path in paths if path.startswith(tasks) and path.endswith(".md")]
    contents = Contents.at(top)
    was, now = contents.of(asked, then), contents.of(asked, head)
    both = [path for path in asked if path in was and path in now]
    return own | {path for path in both if differ_in_state_only(was[path], now[path])}
