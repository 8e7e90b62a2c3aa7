"""`vtm prompt --check` as text."""

from collections.abc import Iterator

from vtm.queries.prompt import PromptCheck
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import place
from vtm.rendering.text.wording import counted


def lines(result: PromptCheck, _: Terminal) -> Iterator[str]:
    """A line for each failure, then the counts."""
    for each in result.failures:
        others = f" and {counted(each.tasks - 1, 'other task')}" if each.tasks > 1 else ""
        yield f"{place(each.location)}: error: {each.message} (for {each.task_id}{others})"
    tried = f"{counted(result.templates, 'template')} with {counted(result.tasks, 'task')}"
    yield f"{tried}: {result.rendered} rendered, {counted(result.total, 'failure')}"
