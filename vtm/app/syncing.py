"""Commits vtm's own files on a main branch."""

from pathlib import Path

from vtm.app.app import App
from vtm.app.locking import held
from vtm.app.own_files import own_files
from vtm.app.state_of_files import changed_in_state
from vtm.errors import VtmError, WrongUsageError
from vtm.git.committing import Checkout, Committing
from vtm.git.repository import GitRepository
from vtm.queries.synced import Synced

NO_REPOSITORY = "NOT-A-REPOSITORY"


def synced(app: App, message: str, *, dry_run: bool) -> Synced:
    """Commit state and journal while nobody writes them.

    Raises:
        WrongUsageError: Outside git, or the message is empty.
        VtmError: Now is not the time, or this not the branch.
        ConflictError: Somebody else holds the lock of the state, and did for as long as one waits.
        ExternalError: Git refuses.
    """
    if not message.strip():
        raise WrongUsageError(
            "the message of the commit is empty", code="USAGE", fix="say what it is about, or leave it out"
        )
    if app.project.repository is None or dry_run:
        return _allowed(app, commit_own_files(app, message, dry_run=dry_run))
    with held(app):
        return _allowed(app, commit_own_files(app, message))


def commit_own_files(app: App, message: str, *, dry_run: bool = False) -> Synced:
    """Commit those of state and journal that have changed, and task files that were changed in state only.

    The caller holds the lock of the state. Nothing else is in the commit, and what is staged stays so. Where
    it may not be made, the answer says why in `code` and `reason`.

    Raises:
        ExternalError: Git refuses, for example because somebody else holds its index.
    """
    top = app.project.repository
    if top is None:
        return Synced(code=NO_REPOSITORY, reason="this is not in a git repository", dry_run=dry_run)
    git = Committing(top)
    checkout = git.checkout([*_own(app), *_own_task_files(app, top)])
    code, reason = _refusal(checkout, app.settings.git.main)
    if code or not checkout.changed or dry_run:
        return Synced(checkout.branch, checkout.changed, "", dry_run, code, reason)
    commit = git.commit(checkout.changed, message)
    return Synced(checkout.branch, checkout.changed, commit)


def _own(app: App) -> list[str]:
    files = own_files(app)
    return [files.state, files.journal]


def _own_task_files(app: App, top: Path) -> list[str]:
    """Task files that were changed in nothing but status, times and boxes; others are left to people."""
    if not (app.project.root / app.settings.paths.tasks).is_dir():
        return []
    changed = GitRepository(top, app.project.work).status().changed
    return changed_in_state(app.project, app.settings.paths, changed)


def _refusal(checkout: Checkout, main: tuple[str, ...]) -> tuple[str, str]:
    if checkout.unfinished:
        return "UNFINISHED-IN-GIT", f"{checkout.unfinished} is not finished"
    if not checkout.branch:
        return "DETACHED-HEAD", "no branch is checked out"
    if checkout.branch not in main:
        named = " or ".join(main) or "none"
        return (
            "BLOCKED::NOT-ON-MAIN-BRANCH",
            f"{checkout.branch} is checked out, and the main branch is {named}",
        )
    return "", ""


_FIXES = {
    "UNFINISHED-IN-GIT": "finish it or abort it, `git status` shows how, and run it again",
    "DETACHED-HEAD": "check out a main branch and run it again",
    "BLOCKED::NOT-ON-MAIN-BRANCH": "check out a main branch, or name this one in vtm.toml under [git] main",
}


def _allowed(app: App, answer: Synced) -> Synced:
    if answer.code == NO_REPOSITORY:
        where = app.project.root.name or app.project.root.as_posix()
        raise WrongUsageError(
            f"{where} is not in a git repository", code=answer.code, fix="run `git init` first"
        )
    if answer.code:
        raise VtmError(
            f"state and journal were not committed: {answer.reason}",
            code=answer.code,
            fix=_FIXES[answer.code],
        )
    return answer
