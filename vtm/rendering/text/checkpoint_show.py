"""`vtm checkpoint show` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.checkpoint_shown import CheckpointShown, CommitLine, TaskSince
from vtm.rendering.render import Terminal
from vtm.rendering.text.checkpoint_list import about
from vtm.rendering.text.wording import counted, moment


def lines(result: CheckpointShown, _: Terminal) -> Iterator[str]:
    """The checkpoint, then commits, events and tasks since."""
    yield about(result.checkpoint)
    yield f"{counted(result.commits_total, 'commit')} on {result.checkpoint.branch} since"
    yield from commits(result.commits)
    yield f"{counted(result.events_total, 'event')} in the journal since"
    for each in result.events:
        way = f"{each.from_} -> {each.to}" if each.from_ != each.to else ""
        yield "  " + "  ".join(filter(None, (moment(each.at), each.task, each.event, way)))
    yield f"{counted(len(result.tasks), 'task')} of which something else is known"
    for task in result.tasks:
        yield f"  {task.task_id}  {_way(task)}"
    if result.truncated:
        yield "Not all are shown; --limit N shows more."


def commits(found: Sequence[CommitLine]) -> Iterator[str]:
    """A line for each commit."""
    for each in found:
        yield f"  {each.commit[:12]}  {each.subject}"


def _way(task: TaskSince) -> str:
    return f"{task.then} -> {task.now}" if task.then != task.now else f"{task.now} as it was"
