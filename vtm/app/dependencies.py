"""Whether main has what tasks depend on."""

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from vtm.git.containing import Containing
from vtm.git.worktrees import Worktrees
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import Task

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


def lacking(
    top: Path,
    mains: Sequence[str],
    backlog: Backlog,
    focus: Collection[Task],
    branch_of: Callable[[str], str],
) -> dict[str, str]:
    """The dependencies of `focus` whose work the first existing of `mains` lacks, each with what holds it.

    That is the commit that was recorded when it was completed, else its own branch, which `branch_of` names.
    Waived ones do not count, nor does one of which there is neither. Nothing where there is no main.

    Raises:
        ExternalError: Git cannot answer.
    """
    needed = [each for task in focus for each in _needed(backlog, task)]
    recorded = {name: commit for name in needed if (commit := _recorded(backlog, name))}
    branch_names = {name: branch_of(name) for name in needed if name not in recorded}
    if not needed:
        return {}
    found = Worktrees(top).branches((*mains, *branch_names.values()))
    main = next((found[name] for name in mains if name in found), None)
    if main is None:
        return {}
    ends = {name: found[branch].commit for name, branch in branch_names.items() if branch in found}
    commits = ends | {name: each for name, each in recorded.items() if _COMMIT.fullmatch(each)}
    outside = Containing(top, main.commit).without(commits.values()) if commits else set()
    return {
        name: f"branch {branch_names[name]}" if name in ends else f"commit {recorded[name][:12]}"
        for name in needed
        if (name in commits and commits[name] in outside) or (name in recorded and name not in commits)
    }


def _needed(backlog: Backlog, task: Task) -> list[str]:
    waived = backlog.state_of(task).waived
    return [each for each in dict.fromkeys(task.depends_on_tasks) if each in backlog and each not in waived]


def _recorded(backlog: Backlog, name: str) -> str:
    evidence = backlog.state_of(backlog[name]).evidence
    if evidence is None or backlog.status(name) is not Status.COMPLETED:
        return ""
    return evidence.commit or ""
