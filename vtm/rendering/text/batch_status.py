"""A batch as text."""

from collections.abc import Iterator, Mapping, Sequence

from vtm.model.batch import Mark
from vtm.queries.batches import BatchTask, BatchView, Turn
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import columns
from vtm.rendering.text.wording import counted, listed, moment

_TURNS = {Turn.ALREADY: "there already", Turn.FINISHED: "finished now", Turn.LOCKED: "locked now"}


def lines(result: BatchView, _: Terminal) -> Iterator[str]:
    """The batch, then a line for each of its tasks."""
    until = f", finished {moment(result.finished_at)}" if result.finished_at else ""
    turn = f" ({_TURNS[result.turn]})" if result.turn in _TURNS else ""
    yield f"Batch {result.id}{turn}: locked {moment(result.locked_at)}{until}, waves of {result.wave}"
    yield from task_lines(result.tasks)
    yield counts_line(result.counts)
    if result.truncated:
        yield f"... {result.total - result.returned} more"
    for each in result.skipped:
        yield f"skipped {each.task_id}: {', '.join(each.codes)}"
    if result.taken_out:
        yield f"taken out: {listed(result.taken_out)}"


def task_lines(tasks: Sequence[BatchTask]) -> Iterator[str]:
    """A line for each task."""
    rows = [(each.mark, each.task_id, "  ".join(filter(None, (each.title, _by(each))))) for each in tasks]
    if rows:
        yield from columns(rows)


def counts_line(counts: Mapping[Mark, int]) -> str:
    """How many tasks there are, and how many stand how."""
    parts = [f"{count} {mark}" for mark, count in counts.items() if count]
    return ": ".join(filter(None, (counted(sum(counts.values()), "task"), ", ".join(parts))))


def _by(task: BatchTask) -> str:
    if task.agent:
        return f"({task.agent})"
    return f"({task.reason})" if task.reason else ""
