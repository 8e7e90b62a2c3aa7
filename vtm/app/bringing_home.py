"""Brings the work of completed tasks to main."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from math import inf
from pathlib import Path
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.merges import AppMerges
from vtm.app.recording import recorder
from vtm.app.worktree_places import top_of
from vtm.discovery import common_dir
from vtm.engine.handing_back import Manner
from vtm.engine.mergeable import Mergeable
from vtm.engine.merging import Merging
from vtm.engine.recorder import Recorder
from vtm.errors import ConflictError, VtmError
from vtm.git.merging import Mainline
from vtm.graph.order import ordered
from vtm.model.backlog import Backlog
from vtm.model.facts import Caller
from vtm.model.naming import task_named
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.merged import Brought, How, Merged, merged_answer
from vtm.stores.lock import MERGES, locked

NOBODY = Caller()
"""In whose name a merge is recorded that nobody asked for by hand."""
_PATIENCE = 1.0
"""Seconds after which it is said that somebody else is merging."""


def merge_one(app: App, task_id: str, caller: Caller = NOBODY, *, strict: bool = True) -> Brought:
    """Bring the work of one task to main, when it is its turn; the state is read anew then.

    Where `strict`, changes outside its scope stop it.

    Raises:
        WrongUsageError: Outside git, or there is no such task.
        VtmError: Nothing can be merged in this repository as it is.
        ExternalError: Git or a test cannot be run; main is as it was.
    """
    top = top_of(app)
    with _turn(top):
        parts = _parts(app.again(), top, Manner(caller, strict))
        return parts.merging.bring(parts.backlog, task_named(parts.backlog, task_id))


def merged(
    app: App,
    names: Sequence[str],
    caller: Caller = NOBODY,
    *,
    ready: bool = False,
    push: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Merged:
    """Bring the work of the named tasks to main, each after what it depends on; `ready`: of all completed.

    Where somebody else merges, that is said by `say`, and waited for.

    Raises:
        WrongUsageError: Outside git, or there is no such task; nothing was merged.
        VtmError: Nothing can be merged in this repository as it is.
        ExternalError: Git or a test cannot be run; what was merged before that stays so.
    """
    top = top_of(app)
    strict = app.settings.git.merge == "auto"
    with _turn(top, say):
        parts = _parts(app.again(), top, Manner(caller, strict, dry_run))
        name, main = parts.mergeable.main()
        asked = parts.ready(main.commit) if ready else [task_named(parts.backlog, each) for each in names]
        found = [parts.brought(each) for each in parts.in_order(asked)]
        told = _pushed(parts.mainline, name) if push and not dry_run else {}
    return merged_answer(name, found, notices=parts.recorder.notices, dry_run=dry_run, **told)


def _pushed(mainline: Mainline, name: str) -> dict[str, str]:
    pushed = mainline.push(name)
    return {"push_failed": pushed.failure} if pushed.failure else {"pushed": pushed.remote}


@contextmanager
def _turn(top: Path, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Be the only one that merges in the repository; whoever dies leaves the turn to the next."""
    folder = common_dir(top) / "vtm"
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder, _PATIENCE, MERGES))
        except ConflictError as error:
            say(f"{error.message}; this waits for it")
            held.enter_context(locked(folder, inf, MERGES))
        yield


class _Parts(NamedTuple):
    """What works together at merging."""

    backlog: Backlog
    mainline: Mainline
    merges: AppMerges
    mergeable: Mergeable
    merging: Merging
    recorder: Recorder

    def brought(self, task: Task) -> Brought:
        """What became of one of several tasks: what fails for one need not fail for the next."""
        try:
            return self.merging.bring(self.backlog, task)
        except VtmError as error:
            return Brought(
                task_id=task.task_id,
                title=task.title,
                how=How.HELD_UP,
                branch=self.merges.branch_of(task.task_id),
                code=error.code,
                reason=error.message,
                fix=error.fix,
                exit=int(error.exit_code),
            )

    def ready(self, main: str) -> list[Task]:
        """Completed tasks whose branch has what main has not."""
        done = [each for each in self.backlog.tasks if self.backlog.status(each.task_id) is Status.COMPLETED]
        found = self.mainline.branches(())
        heads = {
            each.task_id: found[branch].commit
            for each in done
            if (branch := self.merges.branch_of(each.task_id)) in found
        }
        outside = self.mainline.lacking(main, frozenset(heads.values()))
        return [each for each in done if heads.get(each.task_id) in outside]

    def in_order(self, tasks: Sequence[Task]) -> list[Task]:
        """`tasks`, each once and behind those it depends on; what is on a cycle comes last."""
        order = ordered({each.task_id: each.depends_on_tasks for each in self.backlog.tasks})
        place = {name: at for at, name in enumerate([*order.nodes, *order.left_out])}
        by_id = {each.task_id: each for each in tasks}
        return sorted(by_id.values(), key=lambda each: place[each.task_id])


def _parts(app: App, top: Path, manner: Manner) -> _Parts:
    mainline = Mainline(top)
    merges = AppMerges(app, top, mainline)
    mergeable = Mergeable(mainline, merges, app.settings.git.main)
    engine = recorder(app)
    merging = Merging(mainline, merges, engine, mergeable, manner)
    return _Parts(app.backlog, mainline, merges, mergeable, merging, engine)
