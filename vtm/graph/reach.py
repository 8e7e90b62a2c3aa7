"""What a task holds up, directly or through others."""

from collections.abc import Mapping, Sequence

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.status import Status

_OVER = {Status.COMPLETED, Status.ABANDONED}


def direct_followers(backlog: Backlog, readiness: Readiness) -> dict[str, list[str]]:
    """Id to the unfinished tasks that have it as an unmet dependency, unknown ids included, as declared.

    Unfinished is what is neither completed nor abandoned. Time is linear in tasks and edges.
    """
    found: dict[str, list[str]] = {}
    for task in backlog.tasks:
        if task.depends_on_tasks and readiness.statuses[task.task_id] not in _OVER:
            for dependency in readiness.unmet(task):
                found.setdefault(dependency.task_id, []).append(task.task_id)
    return found


def followers(
    direct: Mapping[str, Sequence[str]], statuses: Mapping[str, Status], task_id: str, limit: int
) -> list[str]:
    """Unfinished tasks that wait for `task_id`, directly or through others, nearest first.

    A task follows if `task_id`, or a pending task that follows, is an unmet dependency of it: the search goes
    on through pending tasks only. It ends at `limit` tasks, so that its time depends on these and the edges
    between them and not on the size of the backlog. There is no recursion.

    Args:
        direct: From `direct_followers`; one serves any number of searches.
        statuses: From `Readiness`.
        task_id: Where to start; it may be unknown, and never follows itself, not even on a cycle.
        limit: Most tasks to find; a result of this length may not be all.
    """
    found: list[str] = []
    seen = {task_id}
    at = [task_id]
    for node in at:
        for follower in direct.get(node, ()):
            if len(found) >= limit:
                return found
            if follower not in seen:
                seen.add(follower)
                found.append(follower)
                if statuses[follower] is Status.PENDING:
                    at.append(follower)
    return found
