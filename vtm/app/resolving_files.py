"""Adds the task that is to resolve what blocks another one, where that one has a file of its own."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath

import msgspec

from vtm.app.app import App
from vtm.errors import VtmError
from vtm.model.backlog import Backlog
from vtm.model.task import Task
from vtm.sources.front_matter_keys import LISTS
from vtm.stores.new_file import create
from vtm.stores.watched import Watched

_NEEDS = [key for key, field in LISTS.items() if field == "depends_on_tasks"]
_NOT_PLAIN = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def add_resolver_file(
    app: App, backlog: Backlog, task: Task, name: str, suggestion: str, *, write: bool = True
) -> list[str]:
    """Have the file of `task` name the task `name`, which gets a file beside it unless there is such a task.

    Returns the paths of what is written.

    Raises:
        UnreadableError: The file of `task` cannot be edited without a doubt; nothing was changed.
        ConflictError: Somebody who holds no lock changed it; nothing was changed.
        VtmError: The system refuses; nothing was changed.
    """
    from vtm.sources.front_matter_text import FrontMatterText  # noqa: PLC0415  ruamel.yaml: 60 ms

    root, own = app.project.root, backlog.at(task).path
    before = Watched.read(root, own)
    after = before.data
    if name not in task.depends_on_tasks:
        text = FrontMatterText.read(before.data, own)
        key = next((each for each in _NEEDS if text.entry(each)), "depends_on")
        after = text.with_items(key, [*task.depends_on_tasks, name]).data
    added = "" if name in backlog else _free_path(app, own, name)
    paths = [each for each in (added, own if after != before.data else "") if each]
    if not write:
        return paths
    if added:
        create(root, added, _text(name, task, suggestion))
    if after != before.data:
        try:
            before.replace_with(after)
        except VtmError:
            if added:
                with suppress(OSError):
                    (root / added).unlink()
            raise
    return paths


def _free_path(app: App, beside: str, name: str) -> str:
    """Where a file for a new task can be, in the folder of the file `beside`."""
    plain = _NOT_IN_NAMES.sub("-", name).strip(".") or "resolve"
    number, folder = 1, PurePosixPath(beside).parent
    path = folder / f"{plain}.md"
    while (app.project.root / path).exists():
        number += 1
        path = folder / f"{plain}-{number}.md"
    return path.as_posix()


def _text(name: str, task: Task, suggestion: str) -> bytes:
    """The file of the new task: to the rules of the backlog it is like `task`."""
    lines = [
        f"id: {_quoted(name)}",
        f"title: {_quoted(f'Resolve what blocks {task.task_id}')}",
        "status: pending",
        f"risk: {_quoted(task.grade or task.risk.casefold())}",
        f"description: {_quoted(suggestion)}",
    ]
    texts = {"capability_id": task.capability_id, "phase": task.phase, "slice": task.slice}
    lines += [f"{key}: {_quoted(text)}" for key, text in texts.items() if text]
    lists = {"related_specs": task.related_specs, "gap_codes": task.gap_codes}
    lines += [f"{key}: {_listed(items)}" for key, items in lists.items() if items]
    if task.test_verification is not None:
        lines.append("test_verification: []")
    if task.parallel is not None and task.conflicts_with is not None:
        lines += ["parallel: false", "conflicts_with: []"]
    body = f"## Acceptance Criteria\n\n- [ ] AC01 What blocks {task.task_id} is resolved\n"
    return "\n".join(["---", *lines, "---", "", body]).encode("utf-8", "backslashreplace")


def _listed(items: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, items))}]"


def _quoted(text: str) -> str:
    """A text as YAML in double quotes, where what JSON says means the same."""
    encoded = msgspec.json.encode(text.encode("utf-8", "backslashreplace").decode()).decode()
    return _NOT_PLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)
