"""Task files that were changed in nothing but what vtm writes: status, times and boxes."""

from collections.abc import Iterable
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import Project
from vtm.git.contents import INDEX, Contents
from vtm.model.settings import Paths
from vtm.sources.files import read_bytes
from vtm.sources.task_difference import differ_in_state_only

_ENDING = ".md"


def changed_in_state(project: Project, paths: Paths, changed: Iterable[str]) -> list[str]:
    """Those of `changed` that are such files in the main worktree; all relative to its top level.

    Raises:
        ExternalError: Git cannot answer.
    """
    top = project.repository
    files = [] if top is None else _task_files(project, paths, changed)
    if top is None or not files:
        return []
    before = Contents.at(top).of(files)
    after = {each: read_bytes(top / each, each) for each in files}
    return [
        each
        for each in files
        if each in before
        and isinstance(now := after[each], bytes)
        and differ_in_state_only(before[each], now)
    ]


def staged_in_state(app: App, folder: Path, staged: Iterable[str]) -> list[str]:
    """Those of `staged` that are such files in the commit that is being made in `folder`.

    Raises:
        ExternalError: Git cannot answer.
    """
    files = _task_files(app.project, app.settings.paths, staged)
    if not files:
        return []
    contents = Contents.of_caller(folder)
    before, after = contents.of(files), contents.of(files, INDEX)
    return [
        each
        for each in files
        if each in before and each in after and differ_in_state_only(before[each], after[each])
    ]


def _task_files(project: Project, paths: Paths, names: Iterable[str]) -> list[str]:
    top = project.repository or project.root
    below = (project.root.relative_to(top) / paths.tasks).as_posix()
    return [each for each in names if each.endswith(_ENDING) and each.startswith(f"{below}/")]
