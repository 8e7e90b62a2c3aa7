"""Tasks and the pulse, for clients to read without a tool."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from mcp.types import (
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from vtm.app.app import App
from vtm.graph.readiness import Readiness
from vtm.integrations.mcp.asking import how_far, shown
from vtm.integrations.mcp.refusals import unknown
from vtm.integrations.mcp.session import Call
from vtm.queries.budget import within
from vtm.queries.filters import Filters
from vtm.queries.listing import task_list
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal, as_json

PAGE = 100
"""How many tasks are listed at once."""
LIST_BUDGET = 10_000
"""Tokens of the list of tasks, at most."""
_JSON = "application/json"
_TASK = "vtm://task/"
_PULSE, _TASKS = "vtm://pulse", "vtm://tasks"


def listed(call: Call, cursor: str | None) -> ListResourcesResult:
    """The pulse, the list of tasks, and a page of single tasks.

    Raises:
        MCPError: No page begins there.
    """
    tasks = call.app().backlog.tasks
    at = 0 if cursor is None else int(cursor) if cursor.isascii() and cursor.isdigit() else len(tasks)
    if cursor is not None and not 0 < at < len(tasks):
        raise unknown("page", cursor, "begin without a cursor")
    fixed = [
        Resource(uri=_PULSE, name="pulse", description="How far the work is", mime_type=_JSON),
        Resource(uri=_TASKS, name="tasks", description="All tasks, one line each", mime_type=_JSON),
    ]
    found = [
        Resource(
            uri=_TASK + quote(task.task_id, safe=""),
            name=one_line(task.task_id),
            title=one_line(task.title),
            mime_type=_JSON,
        )
        for task in tasks[at : at + PAGE]
    ]
    following = str(at + PAGE) if at + PAGE < len(tasks) else None
    return ListResourcesResult(resources=[*([] if at else fixed), *found], next_cursor=following)


def templates() -> ListResourceTemplatesResult:
    """How the resource of a task is named."""
    task = ResourceTemplate(
        uri_template=_TASK + "{id}",
        name="task",
        description="All that is known of one task",
        mime_type=_JSON,
    )
    return ListResourceTemplatesResult(resource_templates=[task])


def read(call: Call, uri: str) -> ReadResourceResult:
    """What a resource holds: the JSON of an answer.

    Raises:
        MCPError: There is no such resource.
        WrongUsageError: There is no such task.
    """
    app = call.app()
    if uri.startswith(_TASK):
        answer: msgspec.Struct = shown(call, app, unquote(uri.removeprefix(_TASK), errors="replace"))
    elif uri in _QUESTIONS:
        answer = _QUESTIONS[uri](app)
    else:
        raise unknown("resource", uri, f"read {_PULSE}, {_TASKS} or {_TASK}ID")
    text = as_json(answer, Terminal())
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=_JSON, text=text)])


def _tasks(app: App) -> msgspec.Struct:
    answer = task_list(app.backlog, Readiness(app.backlog), Filters())
    return within(answer, LIST_BUDGET, ("tasks",))


_QUESTIONS: dict[str, Callable[[App], Any]] = {_PULSE: how_far, _TASKS: _tasks}
