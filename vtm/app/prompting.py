"""Prompts: a package, rendered by a template."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.app.app import App
from vtm.app.packing import Packing
from vtm.app.prompt_material import latest_hand_over, substitutions
from vtm.errors import WrongUsageError
from vtm.graph.lookup import dependents
from vtm.model.fence import visible
from vtm.model.task import Task
from vtm.queries.audience import AUDIENCES, Audience
from vtm.queries.batch import batch
from vtm.queries.package import package
from vtm.queries.prompt import Prompt, PromptList
from vtm.templates.library import Library
from vtm.templates.renderer import Renderer
from vtm.templates.sections import joined, sections, tokens, within

DEFAULT = "task-implementer"
OF_SEVERAL = ("after-action-review", "batch-coordinator")
"""Templates that ship with vtm and are about any number of tasks; all others are about one."""
OF_A_UNIT = "implement-worker"
"""The template that has substitutions."""


class Asked(NamedTuple):
    """What beside the tasks goes into a prompt.

    Attributes:
        audience: A key of `AUDIENCES`.
        worker: The name under which the worker takes up its task; empty: it has none.
        group: Which group of tasks this is; 0: nobody said.
        groups: Of how many.
        substitutions: Texts of the design, each with what is to be used in its place; they win over those
            that the settings have.
        handoff: A hand-over of the task, Markdown; empty: the latest that somebody wrote.
        in_run: Whether vtm itself started the worker, and brings its work to main.
    """

    audience: str = "plain"
    worker: str = ""
    group: int = 0
    groups: int = 0
    substitutions: Sequence[tuple[str, str]] = ()
    handoff: str = ""
    in_run: bool = False


def prompt_for(
    app: App,
    task: Task,
    template: str = DEFAULT,
    audience: str = "plain",
    budget: int | None = None,
    *,
    others: Sequence[Task] = (),
    asked: Asked | None = None,
) -> Prompt:
    """The prompt for `task`, and for `others` where the template is about several; `asked` has the rest.

    Raises:
        WrongUsageError: There is no such template, it is about one task, or `budget` is too small for it.
        TemplateFailureError: The template cannot be rendered.
    """
    library = _library(app)
    chosen = library.named(template)
    if others and template not in OF_SEVERAL:
        raise WrongUsageError(
            f"{template} is about one task",
            code="USAGE",
            fix=f"for several there is {' and '.join(OF_SEVERAL)}",
        )
    asked = (asked or Asked())._replace(audience=audience)
    if template == OF_A_UNIT:
        asked = asked._replace(substitutions=substitutions(app, task, asked.substitutions))
    values = Values(app, asked).of([task, *others])
    with Renderer(library) as renderer:
        written = renderer.text(chosen, values)
    text, left_out = _cut(written, budget)
    text = visible(text)  # a template of the project may write anything
    names = [each.task_id for each in (task, *others)]
    return Prompt(chosen.name, chosen.path, audience, names, tokens(text), left_out, text)


def templates(app: App) -> PromptList:
    """The templates that can be asked for."""
    found = _library(app).templates
    return PromptList(found, len(found), len(found), False)


def _library(app: App) -> Library:
    return Library(app.project.root, app.settings.paths.templates)


class Values:
    """What templates are given, for any number of prompts."""

    def __init__(self, app: App, asked: Asked) -> None:
        self._app = app
        self._asked = asked
        self._audience: Audience = AUDIENCES[asked.audience]
        self._packing = Packing(app, self._audience, asked.worker)
        self._dependents = dependents(app.backlog)

    def of(self, tasks: Sequence[Task]) -> dict[str, Any]:
        """The values for a prompt about `tasks`: nothing in them hides, reorders or obeys."""
        backlog, settings, asked = self._app.backlog, self._app.settings, self._asked
        packages = [
            package(backlog, each, settings, self._packing.around(each), self._dependents) for each in tasks
        ]
        group = batch(backlog, tasks, settings, asked.group, asked.groups)
        values = msgspec.to_builtins(
            {
                "task": packages[0],
                "tasks": packages,
                "batch": group,
                "audience": self._audience,
                "substitutions": [{"text": text, "use": use} for text, use in asked.substitutions],
                "in_run": asked.in_run,
                "handoff": asked.handoff or latest_hand_over(self._app, tasks[0]),
            }
        )
        return {name: _visible(value) for name, value in values.items()}


def _visible(value: Any) -> Any:
    """`value` with all texts in it made safe."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {name: _visible(each) for name, each in value.items()}
    return [_visible(each) for each in value] if isinstance(value, list | tuple) else value


def _cut(written: str, budget: int | None) -> tuple[str, list[str]]:
    parts = sections(written)
    if budget is None:
        return joined(parts), []
    text, left_out = within(parts, budget)
    least = tokens(text)
    if least > budget:
        raise WrongUsageError(
            f"{budget} tokens are too few: without anything that may be left out it takes {least}",
            code="BUDGET-TOO-SMALL",
            fix=f"say --budget {least}",
        )
    return text, left_out
