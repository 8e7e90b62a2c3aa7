"""A session that was started outside of a run, as text."""

from collections.abc import Iterator

from vtm.queries.spawned import Spawned
from vtm.rendering.render import Terminal


def lines(result: Spawned, _: Terminal) -> Iterator[str]:
    """The session, where it is, and what came of it."""
    how = "started" if result.started else "is at work already"
    agent = f" as {result.agent}" if result.agent else ""
    yield f"{result.session} {how}: {result.runner}{agent} on {result.task_id}"
    if result.worktree:
        yield f"  {result.branch} in {result.worktree}"
    if not result.waited:
        yield f"  `vtm logs {result.session} --follow` shows what it says"
    elif result.completed:
        yield f"  completed; `vtm merge {result.task_id}` brings it to main"
    for each in result.blocked:
        yield f"  blocked: {each.reason.splitlines()[0] if each.reason else ''} ({', '.join(each.codes)})"
