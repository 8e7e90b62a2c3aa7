"""`vtm convert` as text."""

from collections.abc import Iterator

from vtm.queries.converted import Conversion
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: Conversion, _: Terminal) -> Iterator[str]:
    """A line for each task, what is in the way, and what was done."""
    for each in result.tasks:
        yield f"{each.task_id}: {each.source} -> {each.target}"
    for problem in result.problems:
        yield f"{problem.path}: {problem.task_id}{': ' if problem.task_id else ''}{problem.problem}"
    tasks = counted(len(result.tasks), "task")
    if not result.ok:
        yield f"Refused: nothing was written; {counted(len(result.problems), 'problem')} in the way."
    elif not result.tasks:
        yield "There is nothing to convert."
    elif not result.applied:
        yield f"Nothing was written; --apply converts {tasks}."
    elif result.removed:
        yield f"Converted {tasks}; the old form is removed."
    else:
        yield f"Converted {tasks}; they are declared twice until --apply --remove removes the old ones."
