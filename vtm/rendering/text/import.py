"""`vtm import` as text."""  # noqa: N999  named like the answer

from collections.abc import Iterator

from vtm.queries.imported import Imported, ImportedTask, UnitProblem
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, listed

_SHOWN = 20


def lines(result: Imported, _: Terminal) -> Iterator[str]:
    """What was read, the first tasks, what has no place, what is wrong, and what was written."""
    units = result.units
    yield (
        f"{result.path}: {counted(units.total, result.unit)}: {units.read} read, {units.in_part} in part, "
        f"{units.unreadable} unreadable"
    )
    yield from (f"  {_place(result.unit, each)}: {each.outcome}: {each.reason}" for each in result.problems)
    yield from map(_task, result.tasks[:_SHOWN])
    if result.total > _SHOWN:
        yield f"  and {result.total - min(_SHOWN, len(result.tasks))} more"
    if result.fields:
        named = ", ".join(f"{name} ({count})" for name, count in result.fields.items())
        yield f"No place, kept as {result.kept_as}: {named}"
    for each in result.findings:
        yield f"New: {counted(each.count, each.severity)}: {each.code}: {each.message}"
    yield from _end(result)


def _place(unit: str, problem: UnitProblem) -> str:
    place = problem.name or f"{unit} {problem.number}"
    numbers = [str(each) for each in (problem.line if problem.name else 0, problem.column) if each]
    return ":".join([place, *numbers])


def _task(task: ImportedTask) -> str:
    needs = f", depends on {listed(task.depends_on_tasks)}" if task.depends_on_tasks else ""
    criteria = f", {task.criteria_met}/{task.criteria} criteria" if task.criteria else ""
    return f"+ {task.task_id}: {task.title} ({task.status}{criteria}{needs})"


def _end(result: Imported) -> Iterator[str]:
    tasks = counted(result.total, "task")
    if result.clashes:
        yield f"Refused: {counted(len(result.clashes), 'id is', 'ids are')} taken: {listed(result.clashes)}"
        yield "    fix: give --prefix, which is put in front of every id that comes in"
    elif not result.total:
        yield "Refused: no task can be read."
    elif not result.ok:
        yield "Refused: not all of it can be read, and --strict wants that."
    elif result.applied:
        yield f"Added {tasks} as {result.transaction}."
        yield f"`vtm ingest --rollback {result.transaction}` takes that back."
    else:
        yield f"Nothing was written; --apply adds {tasks}."
