"""What git says of the main worktree, as rules are told."""

from typing import Any

from vtm.discovery import Project
from vtm.model.facts import GitFacts
from vtm.model.own_path import is_own
from vtm.model.settings import Settings

OUTSIDE_GIT = "not a git repository"
SWITCHED_OFF = "[git] gate is off"


def git_facts(project: Project, settings: Settings, *, head_alone: bool) -> dict[str, Any]:
    """The facts `git` or `git_skipped`; with `head_alone` of the branch, whatever else lies there.

    Raises:
        ExternalError: Git cannot answer.
    """
    if not settings.git.gate:
        return {"git_skipped": SWITCHED_OFF}
    if project.repository is None:
        return {"git_skipped": OUTSIDE_GIT}
    if head_alone:
        from vtm.git.head import branch_at  # noqa: PLC0415  only inside git

        branch = branch_at(project.repository)
        if branch:  # else there is none, or only git can tell
            return {"git": GitFacts(branch)}
    from vtm.git.repository import GitRepository  # noqa: PLC0415  subprocess: 4 ms

    status = GitRepository(project.repository, project.work).status()
    below = project.root.relative_to(project.repository).as_posix()
    dirty = tuple(path for path in status.changed if not is_own(path, below, settings.paths))
    if not any(path.endswith(".md") for path in dirty):
        return {"git": GitFacts(status.branch, dirty)}
    from vtm.app.state_of_files import changed_in_state  # noqa: PLC0415  subprocess: 4 ms

    own = set(changed_in_state(project, settings.paths, dirty))
    return {"git": GitFacts(status.branch, tuple(path for path in dirty if path not in own))}
