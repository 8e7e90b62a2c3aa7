"""The documents of a task, as an agent that works on it gets them."""

from functools import partial

import msgspec
from msgspec.structs import replace

from vtm.app.app import App
from vtm.model.document import Document
from vtm.model.fence import fence_around
from vtm.model.task import Task
from vtm.queries.budget import CHARACTERS
from vtm.queries.context import Chosen, Context, context
from vtm.queries.context_choice import Weighing, context_within
from vtm.queries.relevance import Why
from vtm.rendering.plain import json_text, many_lines
from vtm.rendering.render import Terminal, as_json, as_text
from vtm.sources.document_sections import sections
from vtm.sources.documents import read_documents
from vtm.sources.references import References

_WIDEST = 999_999_999
"""Stands for a number of tokens: what is told of the least budget holds for that budget, too."""
_LINE_END = 1


def related_documents(app: App, task: Task) -> list[Document]:
    """The specs, ADRs and guides that a task names, as they are in the caller's worktree."""
    references = References(app.project.work, app.settings.paths.adr)
    return read_documents(references, (*task.related_specs, *task.related_adrs, *task.related_guides))


def context_of(app: App, task: Task, budget: int | None = None) -> Context:
    """The documents of a task: whole where `budget` tokens hold them, else what of them is about the task.

    Neither Markdown nor JSON on one line takes more than `budget`.

    Raises:
        WrongUsageError: Not even the list of the documents fits.
    """
    documents = related_documents(app, task)
    readable = [at for at, each in enumerate(documents) if not each.problem]
    whole = [Chosen(at, documents[at].all, Why.WHOLE) for at in readable]
    answer = context(task, documents, whole, budget, [()] * len(documents))
    if budget is not None and _size(answer) > budget * CHARACTERS:
        cuts = [() if each.problem else sections(each) for each in documents]
        answer = context_within(task, documents, cuts, budget, Weighing(_size, _text_size))
    return replace(answer, tokens=-(-_size(answer) // CHARACTERS))


def _size(answer: Context) -> int:
    """Characters of the answer in that form in which it has more, the line end behind it included."""
    widest = replace(answer, tokens=_WIDEST, budget=answer.budget and _WIDEST)
    forms = (partial(as_json, widest), partial(as_text, widest))
    return max(len(form(Terminal())) for form in forms) + _LINE_END


def _text_size(text: str) -> int:
    """Characters of lines of a document in that form in which they have more."""
    in_json = len(json_text(msgspec.json.encode(text).decode())) - len('""')
    longer_fences = 2 * len(fence_around(text)) - 2 * len(fence_around(""))
    return max(in_json, len(many_lines(text)) + longer_fences)
