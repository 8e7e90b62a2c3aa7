"""Goes back to a checkpoint: files by a commit, entries by lines of the journal, and never by rewriting."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.checkpoints import checkpoints, top_of
from vtm.app.recording import recorder
from vtm.app.rollback_obstacles import obstacles
from vtm.app.rollback_tree import move_main, restoring_commit, to_restore
from vtm.app.setting_checkpoints import checkpoint_of, main_of
from vtm.app.since_checkpoints import Then, changed_tasks, commits_since, task_branches
from vtm.discovery import common_dir, runtime_folder
from vtm.engine.desk import Desk
from vtm.engine.restoring import restore
from vtm.errors import VtmError
from vtm.git.lines import History
from vtm.git.merging import Mainline
from vtm.model.backlog import Backlog
from vtm.model.checkpoint import LONGEST_NAME
from vtm.model.facts import Caller
from vtm.model.lease import Lease
from vtm.model.settings import seconds
from vtm.queries.checkpoint import card
from vtm.queries.checkpoint_shown import Concerned, RolledBackTo
from vtm.stores.durable import refused, replace_file
from vtm.stores.files import Files
from vtm.stores.lock import MERGES, locked

_BEGUN = "rollback.json"


class Begun(msgspec.Struct, frozen=True):
    """A rollback under way, written down before anything changes, so that it can be finished.

    Attributes:
        name: Of the checkpoint; `saved` is that of the present.
        head: What main was at before, full id.
        commit: What main is to be; empty: it stays.
    """

    name: str
    saved: str
    head: str
    commit: str


class Present(NamedTuple):
    """What is there now.

    Attributes:
        head: What main is at; `leases` are those that are not over.
    """

    head: str
    backlog: Backlog
    leases: list[Lease]


def unfinished(app: App) -> str:
    """The checkpoint to which a rollback was begun and not finished; empty: none was."""
    begun = _begun(app)
    return begun.name if begun else ""


def previewed(app: App, name: str) -> RolledBackTo:
    """What going back to a checkpoint would change; nothing changes.

    Raises:
        WrongUsageError: There is none, or the project is in no git repository.
        VtmError: Its tag was moved or deleted by hand, or no main branch is checked out.
        ExternalError: Git or the database cannot answer.
    """
    top, then, bench = top_of(app), Then.read(app, name), Bench(app)
    ledger = bench.ledger(bench.files.read(), held=False)
    backlog = bench.backlog(ledger.recorded)
    leases = list(bench.live(ledger, backlog).values())
    return _answer(app, top, then, Present(main_of(app, top)[1], backlog, leases))


def rolled_back(app: App, name: str, caller: Caller) -> tuple[RolledBackTo, list[str]]:
    """Go back to a checkpoint, unless something forbids it; and what was found on the way, in sentences.

    Raises:
        WrongUsageError: There is none, or the project is in no git repository.
        VtmError: Its tag was moved or deleted by hand, or no main branch is checked out, or another rollback
            was begun and not finished.
        ConflictError: Somebody else merges, or writes state and journal.
        ExternalError: Git, the system or the database refuses; it can be finished by doing it again.
    """
    top = top_of(app)
    with locked(common_dir(top) / "vtm", seconds(app.settings.lock_wait), MERGES):
        begun = _begun(app)
        if begun and begun.name != name:
            raise VtmError(
                f"a rollback to {begun.name} was begun and not finished",
                code="ROLLBACK-UNFINISHED",
                fix=f"finish it with `vtm checkpoint rollback {begun.name} --apply`",
            )
        then, engine = Then.read(app, name), recorder(app)
        with engine.desk() as desk:
            leases = list(desk.live(desk.leases()).values())
            present = Present(main_of(app, top)[1], desk.backlog, leases)
            answer = _answer(app, top, then, present, begun)
            if answer.obstacles:
                return answer, engine.notices
            done = _carried_out(app, top, then, present.head, desk, begun)
            restore(desk, then.entries, caller, f"back to checkpoint {name}")
            desk.notices += desk.around.written(f"rollback {name}")
            _forget(app)
        return replace(answer, applied=True, saved=done.saved, commit=done.commit), engine.notices


def _answer(app: App, top: Path, then: Then, now: Present, begun: Begun | None = None) -> RolledBackTo:
    outside = History(top).outside(then.record.commit)
    worktrees = [
        Concerned(branch.checkout, name)
        for name, branch in Mainline(top).branches([]).items()
        if branch.checkout and Path(branch.checkout).resolve() != top.resolve() and branch.commit in outside
    ]
    moving = begun is not None and begun.head == now.head
    return RolledBackTo(
        card(then.found),
        commits_since(top, then.record),
        sorted(to_restore(app, top, now.head, then.record)),
        changed_tasks(now.backlog, then, task_branches(app, now.backlog)),
        worktrees,
        obstacles(app, top, now.head, now.backlog, now.leases, clean=not moving),
    )


def _carried_out(app: App, top: Path, then: Then, head: str, desk: Desk, begun: Begun | None) -> Begun:
    """Bring the files back; a rollback that was begun goes on where it ended."""
    if begun is None or not (begun.head == head or History(top).contains(head, begun.commit or begun.head)):
        begun = _begin(app, top, then, head, desk)
    if begun.commit and not History(top).contains(head, begun.commit):
        move_main(app, top, head, begun.commit)
    desk.around.reread()
    desk.backlog = desk.around.backlog(desk.ledger.recorded)
    return begun


def _begin(app: App, top: Path, then: Then, head: str, desk: Desk) -> Begun:
    name = then.record.name
    saved = _free(app, name)
    written = Files.of(app.project, app.settings.paths).read()
    checkpoint_of(app, saved, f"Before going back to {name}", desk.backlog, written)
    commit = restoring_commit(top, head, to_restore(app, top, head, then.record), name)
    begun = Begun(name, saved, head, commit)
    path = runtime_folder(app.project) / _BEGUN
    try:
        replace_file(path, msgspec.json.encode(begun))
    except OSError as error:
        raise refused(_BEGUN, error) from None
    return begun


def _free(app: App, name: str) -> str:
    """A name for the checkpoint of the present that none has."""
    taken = {each.name for each in checkpoints(app)}
    wanted = f"before-{name}"[: LONGEST_NAME - 5].rstrip(".-+_")
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (wanted, *numbered) if each not in taken)


def _begun(app: App) -> Begun | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((runtime_folder(app.project) / _BEGUN).read_bytes(), type=Begun)
    return None


def _forget(app: App) -> None:
    with suppress(FileNotFoundError):
        (runtime_folder(app.project) / _BEGUN).unlink()
