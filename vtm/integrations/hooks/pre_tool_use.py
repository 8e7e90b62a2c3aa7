"""Keeps an agent's edits inside what its task may touch."""

from collections.abc import Iterator, Sequence

from vtm.app.app import App
from vtm.app.places import name_in
from vtm.graph.scopes import covers, touched
from vtm.integrations.hooks.event import EDITING, Event
from vtm.integrations.hooks.holding import Holding
from vtm.integrations.hooks.reply import Reply, refused, warned
from vtm.model.task import Task
from vtm.rendering.plain import one_line

_EVENT = "PreToolUse"
_SHOWN = 5


def answer(app: App, event: Event) -> Reply | None:
    """Refuse or warn of an edit outside the file scope of the tasks that the session works on; else None.

    What lies outside the project is nobody's scope, and a task without a scope may touch anything.
    """
    holding = Holding(app, event)
    holding.renew()
    if not event.uses(EDITING) or app.settings.hooks.scope == "off" or not holding.likely:
        return None
    tasks = holding.running(holding.likely)
    if not tasks or not all(task.file_scope for task in tasks):
        return None
    wrong = list(_outside(app, event, [glob for task in tasks for glob in touched(task)]))
    if not wrong:
        return None
    text = _text(wrong, tasks)
    return refused(_EVENT, text) if app.settings.hooks.scope == "refuse" else warned(_EVENT, text)


def _outside(app: App, event: Event, scope: Sequence[str]) -> Iterator[str]:
    """Paths that the tool edits and `scope` does not cover; the main worktree is off limits to the others."""
    root, work = app.project.root, app.project.work
    for path in event.paths(work):
        name = name_in(work, path)
        if name and not covers(scope, name):
            yield name
        elif not name and name_in(root, path):
            yield f"{name_in(root, path)} of the main worktree"


def _text(wrong: Sequence[str], tasks: Sequence[Task]) -> str:
    names = " and ".join(task.task_id for task in tasks[:_SHOWN])
    scope = [glob for task in tasks for glob in task.file_scope]
    more = f" and {len(scope) - _SHOWN} more" if len(scope) > _SHOWN else ""
    return one_line(
        f"{', '.join(wrong[:_SHOWN])}: outside the file scope of {names}, which is "
        f"{', '.join(scope[:_SHOWN])}{more}. Leave it as it is; if the task cannot be done without it, "
        f"say so with `vtm block {tasks[0].task_id}`."
    )
