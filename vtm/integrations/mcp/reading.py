"""The tool that hands over documents."""

from msgspec import UNSET

from vtm.app.app import App
from vtm.app.contexts import context_of
from vtm.app.reading import read_for
from vtm.errors import ExternalError
from vtm.integrations.mcp.arguments import Context as Asked
from vtm.integrations.mcp.session import Call
from vtm.model.naming import task_named
from vtm.model.task import Task
from vtm.queries.context import Context
from vtm.queries.relevance import Why

BUDGET = 10_000
"""Tokens, where the client names no number: clients cut what is much longer, and not with care."""


def context(call: Call, asked: Asked) -> Context:
    """The documents of a task; what the client gets whole counts as read."""
    app = call.app(asked.worktree)
    task = task_named(app.backlog, call.task(app, asked.task))
    answer = context_of(app, task, BUDGET if asked.budget is UNSET else asked.budget)
    _note_read(call, app, task, [each.path for each in answer.pieces if each.why is Why.WHOLE])
    return answer


def _note_read(call: Call, app: App, task: Task, paths: list[str]) -> None:
    if not paths:
        return
    try:
        read_for(app, task, app.project.work, paths, dry_run=False)
    except ExternalError as error:  # the documents are there all the same
        call.notices.append(f"it was not kept that they were read: {error.message}")
