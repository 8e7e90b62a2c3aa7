"""What plans and waves have in common as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.estimates import Origin, SizeEstimate
from vtm.queries.plan import Plan
from vtm.queries.plannable import Unplanned
from vtm.queries.planning import PlannedTask
from vtm.queries.waves import Waves
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.graph_table import columns
from vtm.rendering.text.wording import counted, listed

_SHOWN = 10


def cells(task: PlannedTask) -> tuple[str, ...]:
    """A task as a row of a table."""
    return task.task_id, task.risk, task.size, f"{task.minutes:>4} min", task.title


def running_line(running: Sequence[PlannedTask]) -> Iterator[str]:
    """What is in progress, where anything is."""
    if running:
        yield f"In progress: {listed([f'{each.task_id} ({each.minutes} min)' for each in running])}"


def ending(result: Plan | Waves, shown: int) -> Iterator[str]:
    """What stands below the groups, of which there are `shown`: sums, what is not planned, what is wrong."""
    if result.minutes:
        saved = f", {result.saving:g} % saved" if result.saving else ""
        yield f"{result.minutes} min; one after another {result.serial_minutes} min{saved}"
    elif not shown:
        yield "Nothing to plan."
    yield from _unplanned(result.unplanned)
    if result.truncated:
        yield f"... {result.total - result.returned} more groups or tasks that are not planned"
    if shown:
        yield f"Estimated minutes: {', '.join(map(_estimate, result.estimates))}"
    yield from finding_lines(result.findings[:_SHOWN])
    if len(result.findings) > _SHOWN:
        yield f"and {counted(len(result.findings) - _SHOWN, 'more finding')}; `vtm validate` lists them"


def _unplanned(tasks: Sequence[Unplanned]) -> Iterator[str]:
    if tasks:
        yield f"Not planned: {len(tasks)}"
        yield from columns([(each.task_id, f"{each.hindrance}:", each.reason) for each in tasks])


def _estimate(each: SizeEstimate) -> str:
    if each.origin is Origin.SETTINGS:
        return f"{each.size} {each.minutes}"
    return f"{each.size} {each.minutes} (median of {each.completed} completed)"
