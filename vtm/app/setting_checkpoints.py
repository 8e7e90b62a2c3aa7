"""Makes checkpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.checkpoints import top_of
from vtm.app.own_files import own_files
from vtm.app.state_of_files import changed_in_state
from vtm.errors import ExternalError, VtmError, WrongUsageError
from vtm.git.calling import Git
from vtm.git.objects import Objects
from vtm.git.repository import GitRepository
from vtm.git.tags import Tags
from vtm.model.backlog import Backlog
from vtm.model.checkpoint import LONGEST_NAME, Entries, Record, is_fit
from vtm.model.plain import one_line, whole
from vtm.queries.checkpoint import CheckpointMade, checkpoint_made
from vtm.stores.files import Written

ENTRIES = ".vtm/checkpoint.json"


class Uncommitted(NamedTuple):
    """Paths in the main worktree that differ from its commit, relative to its top level.

    Attributes:
        foreign: What people changed.
        in_state: Task files that only vtm changed.
    """

    foreign: Sequence[str]
    in_state: Sequence[str]


def checkpoint(app: App, name: str, message: str) -> CheckpointMade:
    """Make a checkpoint of the present.

    Raises:
        WrongUsageError: No tag can have this name, or there is a checkpoint with it; or this is outside git.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        VtmError: No main branch is checked out.
        ConflictError: Somebody else writes state and journal.
        ExternalError: There is no commit yet, or git refuses; there is no checkpoint then.
    """
    _refuse_unfit(name)
    top_of(app)
    bench = Bench(app)
    with bench.held():
        written = bench.files.read()
        ledger = bench.ledger(written, held=False)
        return checkpoint_of(app, name, message, bench.backlog(ledger.recorded), written)


def checkpoint_of(app: App, name: str, message: str, backlog: Backlog, written: Written) -> CheckpointMade:
    """The same for who holds the lock of the state, and has read it; a tag can have the name."""
    top = top_of(app)
    branch, head = main_of(app, top)
    left = uncommitted(app, top)
    files = own_files(app)
    entries = f"{files.folder}/{ENTRIES}".lstrip("/")
    last = written.journal.last[-1].id if written.journal.last else ""
    count, now = len(written.journal.read[0]), app.instant.replace(microsecond=0)
    record = Record(name, now, branch, head, count, last, files.state, files.journal, entries, whole(message))
    objects = Objects(top)
    kept = objects.kept([files.state, files.journal, *left.in_state])
    known = objects.blob(msgspec.json.encode(Entries(dict(backlog.state.tasks))))
    title = one_line(message.strip()) or f"Checkpoint {name}"
    said = f"{title}\n\nState and journal of vtm at this checkpoint.\n"
    snapshot = objects.commit(objects.tree(head, {**kept, entries: known}), head, said)
    if not Tags(top).make(name, snapshot, f"{title}\n\n{msgspec.json.encode(record).decode()}"):
        raise _taken(name)
    return checkpoint_made(record, left.foreign)


def uncommitted(app: App, top: Path) -> Uncommitted:
    """What differs from the commit that is checked out in the main worktree.

    Raises:
        ExternalError: Git cannot answer.
    """
    files = own_files(app)
    folder = f"{files.folder}/.vtm/".lstrip("/")
    changed = GitRepository(top, app.project.work).status().changed
    in_state = changed_in_state(app.project, app.settings.paths, changed)
    own = {*in_state, files.state, files.journal}
    return Uncommitted(
        [each for each in changed if each not in own and not each.startswith(folder)], in_state
    )


def main_of(app: App, top: Path) -> tuple[str, str]:
    """The main branch that is checked out in the main worktree, and the full id of its last commit.

    Raises:
        VtmError: None is.
        ExternalError: There is no commit.
    """
    git = Git.at(top)
    head = git.asked("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    branch = git.asked("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    if head is None:
        raise ExternalError(
            "there is no commit yet, and a checkpoint is of one",
            code="NO-COMMIT",
            fix="commit what is there, and run it again",
        )
    if branch in app.settings.git.main:
        return branch, head
    mains = " or ".join(app.settings.git.main) or "none"
    raise VtmError(
        f"{f'{branch} is' if branch else 'no branch is'} checked out, and the main branch is {mains}",
        code="BLOCKED::NOT-ON-MAIN-BRANCH" if branch else "DETACHED-HEAD",
        fix="check out a main branch, or name this one in vtm.toml under [git] main",
    )


def _taken(name: str) -> WrongUsageError:
    return WrongUsageError(
        f"there is a checkpoint {name} already",
        code="CHECKPOINT-EXISTS",
        fix="choose another name; `vtm checkpoint list` shows those there are",
    )


def _refuse_unfit(name: str) -> None:
    if not is_fit(name):
        raise WrongUsageError(
            f"{whole(name)!r} cannot be the name of a checkpoint",
            code="CHECKPOINT-NAME",
            fix="use letters, digits, `-`, `_`, `+` and single points, beginning and ending in a letter or "
            f"digit, at most {LONGEST_NAME}",
        )
