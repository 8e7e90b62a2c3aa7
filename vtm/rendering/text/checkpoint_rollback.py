"""`vtm checkpoint rollback` as text."""

from collections.abc import Iterator

from vtm.queries.checkpoint_shown import RolledBackTo
from vtm.rendering.render import Terminal
from vtm.rendering.text.checkpoint_list import about
from vtm.rendering.text.checkpoint_show import commits
from vtm.rendering.text.wording import counted, listed


def lines(result: RolledBackTo, _: Terminal) -> Iterator[str]:
    """What changes, what is concerned, and what forbids it."""
    name = result.checkpoint.name
    yield f"Back to {about(result.checkpoint)}"
    if result.commits:
        yield f"{counted(len(result.commits), 'commit')} whose changes {result.checkpoint.branch} loses:"
    yield from commits(result.commits)
    if result.paths:
        yield f"{counted(len(result.paths), 'file')} restored: {listed(result.paths)}"
    if result.tasks:
        yield f"{counted(len(result.tasks), 'task')} of which something else was known then:"
    for task in result.tasks:
        way = f"{task.now} -> {task.then}" if task.then != task.now else f"{task.now}, otherwise than then"
        branch = f"  (its branch {task.branch} stays: delete or rename it before the task is begun anew)"
        yield f"  {task.task_id}  {way}{branch if task.branch else ''}"
    if not (result.commits or result.paths or result.tasks):
        yield "All is as it was then."
    for tree in result.worktrees:
        yield f"  {tree.path} on {tree.branch} has work that is not in {name}; it stays as it is"
    for each in result.obstacles:
        yield f"{each.code}: {each.message}"
        yield f"    fix: {each.fix}"
    if result.obstacles:
        yield "Nothing was changed."
    elif result.applied:
        done = f"by commit {result.commit[:12]}" if result.commit else "with no change to files"
        yield f"Done {done}; `vtm checkpoint rollback {result.saved} --apply` undoes it."
    else:
        yield "Nothing was changed; --apply does it."
