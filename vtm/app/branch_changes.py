"""What the caller's branch has changed, as rules are told."""

import posixpath
from collections.abc import Sequence
from pathlib import Path

from vtm.discovery import Project
from vtm.git.changes import Changes, changes
from vtm.git.contents import Contents
from vtm.model.facts import BranchFacts
from vtm.model.settings import Paths, Settings
from vtm.sources.files import read_bytes
from vtm.sources.task_difference import differ_in_state_only


def branch_facts(project: Project, settings: Settings) -> BranchFacts | None:
    """What the branch of the caller's worktree has changed since it left main, without vtm's own files.

    None: outside git, or where it has nothing in common with main.

    Raises:
        ExternalError: Git cannot answer.
    """
    found = None if project.repository is None else changes(project.work, settings.git.main)
    if found is None:
        return None
    below = project.work.relative_to(found.top.resolve()).as_posix()
    own = _own_files(found, below, settings.paths)
    left = [path for path in found.paths if path not in own]
    return BranchFacts(found.branch, tuple(posixpath.relpath(path, below) for path in left))


def _own_files(found: Changes, below: str, paths: Paths) -> set[str]:
    """Those of the changed paths that only vtm has changed, or that hold what it records."""
    folder, state, journal, tasks = (
        posixpath.normpath(f"{below}/{each}") for each in (".vtm", paths.state, paths.journal, paths.tasks)
    )
    own = {path for path in found.paths if path in {state, journal} or path.startswith(f"{folder}/")}
    files = [path for path in found.paths if path.endswith(".md") and path.startswith(f"{tasks}/")]
    return own | set(_changed_in_state(found.top, found.base, files))


def _changed_in_state(top: Path, base: str, files: Sequence[str]) -> list[str]:
    """Those of `files` that differ from how they were in `base` in status, times and boxes alone."""
    before = Contents.at(top).of(files, base) if files else {}
    now = {path: read_bytes(top / path, path) for path in before}
    return [
        path
        for path, data in now.items()
        if isinstance(data, bytes) and differ_in_state_only(before[path], data)
    ]
