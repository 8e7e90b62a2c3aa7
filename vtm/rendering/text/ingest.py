"""`vtm ingest` as text."""

from collections.abc import Iterator

from vtm.queries.ingested import Ingested, RolledBack
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import counted, listed, moment


def lines(result: Ingested | RolledBack, _: Terminal) -> Iterator[str]:
    """The tasks, what is wrong with them, and what was written."""
    if isinstance(result, RolledBack):
        yield from _rolled_back(result)
        return
    for task in result.tasks:
        yield f"+ {task.task_id}: {task.title} ({task.risk})"
        if task.depends_on_tasks:
            yield f"    depends on {listed(task.depends_on_tasks)}"
        yield from (f"    {each.id}  {each.text}" for each in task.acceptance_criteria)
    yield from finding_lines(result.findings)
    yield f"{counted(result.errors, 'new error')}, {counted(result.warnings, 'new warning')}"
    if not result.ok:
        yield "Refused: nothing was written."
    elif result.applied:
        yield f"Added {counted(len(result.tasks), 'task')} as {result.transaction}."
        yield f"`vtm ingest --rollback {result.transaction}` takes that back."
    else:
        yield f"Nothing was written; --apply adds {counted(len(result.tasks), 'task')}."


def _rolled_back(result: RolledBack) -> Iterator[str]:
    yield from (f"- {each}" for each in result.tasks)
    yield from (f"  {each} was no longer there" for each in result.gone)
    tasks = counted(len(result.tasks), "task")
    if result.applied:
        yield f"Took {tasks} of {result.rolled_back} out again."
    else:
        yield f"Nothing was written; --apply takes out {tasks}, added {moment(result.at)}."
