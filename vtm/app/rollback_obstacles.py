"""What forbids to go back to a checkpoint."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.app.setting_checkpoints import uncommitted
from vtm.discovery import runtime_folder
from vtm.git.committing import Committing
from vtm.git.lines import History
from vtm.git.merging import Mainline
from vtm.model.backlog import Backlog
from vtm.model.lease import Lease
from vtm.model.session import SessionStatus
from vtm.model.status import Status
from vtm.queries.checkpoint_shown import Obstacle
from vtm.stores.sessions import SqliteSessions

_SHOWN = 5


def obstacles(
    app: App, top: Path, head: str, backlog: Backlog, leases: Sequence[Lease], *, clean: bool
) -> list[Obstacle]:
    """All that forbids to change main, which is at `head`, and the entries of tasks.

    `leases` are those that are not over. Unless `clean`, changes that no commit has are no obstacle.
    """
    found = [*_sessions(app), *_leases(leases), *_unmerged(app, top, head, backlog)]
    unfinished = Committing(top).checkout([]).unfinished
    if unfinished:
        fix = "finish it or abort it, `git status` shows how"
        found.append(Obstacle("UNFINISHED-IN-GIT", f"{unfinished} is not finished", fix))
    changed = uncommitted(app, top).foreign if clean else ()
    if changed:
        fix = "commit, stash or remove what is there"
        found.append(Obstacle("BLOCKED::DIRTY-GIT-STATUS", f"no commit has {_listed(changed)}", fix))
    return found


def _sessions(app: App) -> Iterator[Obstacle]:
    known = SqliteSessions(runtime_folder(app.project)).all()
    active = [each.id for each in known if each.status is SessionStatus.ACTIVE]
    if active:
        fix = "let them end, or end them with `vtm abort SESSION`"
        yield Obstacle("SESSION-ACTIVE", f"agents are at work: {_listed(active)}", fix)


def _leases(leases: Sequence[Lease]) -> Iterator[Obstacle]:
    for lease in leases:
        until = f"{lease.expires_at:%Y-%m-%dT%H:%M:%SZ}"
        yield Obstacle(
            f"BLOCKED::LEASE-HELD::{lease.task}",
            f"{lease.owner} holds {lease.task} until {until}",
            "let its holder finish or release it, or wait until the lease is over",
        )


def _unmerged(app: App, top: Path, head: str, backlog: Backlog) -> Iterator[Obstacle]:
    """Completed work that a branch has and main has not."""
    outside = History(top).outside(head)
    branches = Mainline(top).branches([]) if outside else {}
    names = MadeBranches(app.project)
    for task in backlog.tasks if outside else ():
        if backlog.status(task.task_id) is not Status.COMPLETED:
            continue
        evidence, branch = backlog.state_of(task).evidence, names.of(task.task_id)
        recorded = (evidence.commit if evidence else None) or ""
        at_end = branches[branch].commit if branch in branches else ""
        if {recorded, at_end} & outside:
            where = branch if at_end in outside else recorded[:12]
            yield Obstacle(
                f"UNMERGED-WORK::{task.task_id}",
                f"{task.task_id} is completed, and main does not have {where}",
                f"run `vtm merge {task.task_id}` first, or delete its branch",
            )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
