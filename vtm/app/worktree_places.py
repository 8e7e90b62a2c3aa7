"""Where the worktrees of tasks are, and how they and their branches are called."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import common_dir, runtime_folder
from vtm.errors import WrongUsageError
from vtm.git.worktrees import Worktrees
from vtm.model.plain import one_line
from vtm.model.settings import seconds
from vtm.queries.commands import WORKTREES
from vtm.queries.commit_message import PREFIX, branch_of
from vtm.stores.durable import refused
from vtm.stores.lock import WORKTREES as LOCK
from vtm.stores.lock import locked

_UNFIT = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|^[/.-]|\./|\.$|/$|^@$")
_LONGEST = 200
MERGE = ".merge"
"""The folder among the worktrees in which a merge is tested; no branch is called so."""
REMOVED = ".removed"
"""The folder among the worktrees in which lies what is being deleted; no branch is called so."""


def top_of(app: App) -> Path:
    """The top level of the main worktree.

    Raises:
        WrongUsageError: The project is outside git, or in a repository that has no worktree.
    """
    if app.project.repository is not None:
        return app.project.repository
    where = one_line(app.project.root.name or app.project.root.as_posix())
    if _is_bare(app.project.root):
        raise WrongUsageError(
            f"{where} is a bare repository, which has no worktree that others could lie in",
            code="BARE-REPOSITORY",
            fix="run it in a worktree of this repository; `git worktree add` makes one",
        )
    raise WrongUsageError(
        f"{where} is not in a git repository, and a worktree belongs to one",
        code="NOT-A-REPOSITORY",
        fix="run `git init` and commit first, or change to a folder that is in one",
    )


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def branch_with(prefix: str, task_id: str) -> str:
    """The branch of a task, with another prefix than usual.

    Raises:
        WrongUsageError: With this prefix it is none.

    Source: git-check-ref-format(1).
    """
    branch = prefix + branch_of(task_id).removeprefix(PREFIX)
    printable = one_line(branch) == branch
    if _UNFIT.search(branch) or not printable or any(len(part) > _LONGEST for part in branch.split("/")):
        raise WrongUsageError(
            f"with the prefix {prefix!r} a branch would be called {branch!r}, which git does not allow",
            code="USAGE",
            fix="take letters, digits, `-` and `/`, as in feat/",
        )
    return branch


def place_of(top: Path, branch: str) -> Path:
    """Where the worktree with this branch is, or would be."""
    return top / WORKTREES / branch


def rescue_name(task_id: str) -> str:
    """The name under which work on a task is saved."""
    return branch_of(task_id).removeprefix(PREFIX)


def room_of(app: App) -> Path:
    """Where files can lie for a moment; it is made where it is missing.

    Raises:
        NotWrittenError: The system refuses.
    """
    folder = runtime_folder(app.project)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder.as_posix(), error) from None
    return folder


@contextmanager
def alone(app: App, top: Path) -> Iterator[Worktrees]:
    """The worktrees of the repository at `top`, which nobody else makes or takes away meanwhile.

    Raises:
        ConflictError: Somebody else does, and did for as long as one waits.
        ExternalError: The system refuses.
    """
    with locked(common_dir(top) / "vtm", seconds(app.settings.lock_wait), LOCK):
        yield Worktrees(top)
