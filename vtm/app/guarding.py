"""Keeps state and journal off feature branches."""

import shlex
from pathlib import Path

from vtm.app.app import App
from vtm.app.own_files import own_files
from vtm.app.state_of_files import staged_in_state
from vtm.errors import VtmError
from vtm.git.staged import Staged
from vtm.queries.hook_pre_commit import CommitAllowed


def commit_checked(app: App, folder: Path) -> CommitAllowed:
    """Look at the commit that is being made in the worktree of `folder`.

    On a main branch, without a branch and outside git it may take what it likes. On another branch it may
    not take state, journal, or task files in which nothing but state is different, except as the commit has
    them that is being merged.

    Raises:
        VtmError: It takes them.
        ExternalError: Git cannot answer.
    """
    if app.project.repository is None:
        return CommitAllowed("", ())
    staged, files = Staged(folder), own_files(app)
    branch = staged.branch()
    changed = staged.changed()
    taken = [path for path in (files.state, files.journal) if path in changed]
    if not branch or branch in app.settings.git.main:
        return CommitAllowed(branch, taken)
    taken += staged_in_state(app, folder, changed)
    wrong = [path for path in taken if not staged.merged(path)]
    if wrong:
        raise _refused(branch, wrong, app.settings.git.main)
    return CommitAllowed(branch, taken)


def _refused(branch: str, paths: list[str], main: tuple[str, ...]) -> VtmError:
    named = " or ".join(main) or "a main branch"
    return VtmError(
        f"{' and '.join(paths)} must not be committed on {branch}, only on {named}",
        code="STATE-ON-FEATURE-BRANCH",
        fix=f"git restore --staged {shlex.join(paths)} (if {branch} is a main branch, name it in vtm.toml "
        "under [git] main)",
    )
