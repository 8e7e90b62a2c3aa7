"""Renders every template for every task, and tells which fail."""

from collections.abc import Sequence

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.prompting import Asked, Values
from vtm.model.finding import Location
from vtm.model.task import Task
from vtm.queries.prompt import PromptCheck, PromptFailure, PromptTemplate
from vtm.templates.failure import TemplateFailureError
from vtm.templates.library import Library
from vtm.templates.renderer import Renderer


def checked(app: App, tasks: Sequence[Task], names: Sequence[str], audience: str) -> PromptCheck:
    """What comes of rendering templates (no names: all) for `tasks`.

    A template that does not end is not tried again.

    Raises:
        WrongUsageError: There is no such template.
    """
    library = Library(app.project.root, app.settings.paths.templates)
    chosen = [library.named(each) for each in names] if names else library.templates
    check = _Check(Renderer(library))
    values = Values(app, Asked(audience))
    with check.renderer:
        for task in tasks:
            given = values.of([task])
            for template in chosen:
                check.render(template, task, given)
    failures = list(check.failures.values())
    total = len(failures)
    return PromptCheck(len(chosen), len(tasks), check.done, failures, total, total, False)


class _Check:
    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.done = 0
        self.failures: dict[tuple[str, str, str, int], PromptFailure] = {}
        self._given_up: set[str] = set()

    def render(self, template: PromptTemplate, task: Task, values: dict[str, object]) -> None:
        if template.name in self._given_up:
            return
        if template.problem:
            error = TemplateFailureError(f"it {template.problem}", template.path, 1, hopeless=True)
            self._note(template, task, error)
            return
        try:
            self.renderer.text(template, values)
            self.done += 1
        except TemplateFailureError as error:
            self._note(template, task, error)

    def _note(self, template: PromptTemplate, task: Task, error: TemplateFailureError) -> None:
        key = (template.name, error.message, error.path, error.line)
        where = Location(error.path, error.line)
        first = PromptFailure(template.name, task.task_id, 0, error.message, where)
        known = self.failures.get(key, first)
        self.failures[key] = replace(known, tasks=known.tasks + 1)
        if error.hopeless:
            self._given_up.add(template.name)
