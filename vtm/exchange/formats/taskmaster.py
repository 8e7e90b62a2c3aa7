"""Task Master: its `tasks.json`, with tags or without; subtasks are tasks of their own.

Source: src/schemas/base-schemas.js and scripts/modules/dependency-manager.js of
https://github.com/eyaltoledano/claude-task-master.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from vtm.exchange.carried import Carried
from vtm.exchange.documents import HEAD, document, finish, take
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.json_text import dumped
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, write_record
from vtm.exchange.values import NAMED, Statuses, texts
from vtm.model.status import Status

_EXPECTED = (
    'a tasks.json of Task Master: {"master": {"tasks": [...]}} or {"tasks": [...]}, with numbers for ids'
)
_TAG = "vtm:tag"
_MASTER = "master"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}|0")
_SUBTASK = re.compile(rf"(.+)\.({_NUMBER.pattern})")
_STATUSES = Statuses(
    {
        "pending": Status.PENDING,
        "in-progress": Status.IN_PROGRESS,
        "review": Status.IN_PROGRESS,
        "blocked": Status.BLOCKED,
        "deferred": Status.BLOCKED,
        "done": Status.COMPLETED,
        "completed": Status.COMPLETED,
        "cancelled": Status.ABANDONED,
    }
)
_FIELDS = (
    *NAMED,
    _STATUSES.field("status"),
    Field("dependencies", "depends_on_tasks", texts, list, always=True),
)


class _Place(NamedTuple):
    """Where a task stands: the prefix of ids of its tag, and the id of the task it is a part of, if any."""

    tag: str
    prefix: str
    parent: str = ""


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    value, doubts = document(files[0], _EXPECTED)
    if value is None:
        return found
    lists = _lists(value)
    every = [each for tasks in lists.values() for each in tasks]
    if not lists or (every and not any(map(_is_task, every))):
        raise WrongFormatError.because(files[0].name, "is not a tasks.json of Task Master", _EXPECTED)
    units = [unit for tag, tasks in lists.items() for unit in _units(tag, tasks)]
    for number, (name, each) in enumerate(units, 1):
        take(found, number, name, each, _FIELDS)
    head = {tag: _without_tasks(each) if tag in lists and tag else each for tag, each in value.items()}
    finish(found, {key: each for key, each in head.items() if key != "tasks" or "" not in lists}, doubts)
    return found


def _lists(value: Any) -> dict[str, list[Any]]:
    """Tag to its tasks; the tag of a document without tags is empty."""
    if not isinstance(value, dict):
        return {}
    if isinstance(value.get("tasks"), list):
        return {"": value["tasks"]}
    tags = {tag: each.get("tasks") for tag, each in value.items() if isinstance(each, dict)}
    return {tag: tasks for tag, tasks in tags.items() if isinstance(tasks, list)}


def _without_tasks(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key != "tasks" or not each}


def _is_task(value: Any) -> bool:
    return isinstance(value, dict) and ("subtasks" in value or bool(_number(value.get("id"))))


def _number(raw: Any) -> str:
    """An id as text; empty where it is no number."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return ""
    return str(raw) if _NUMBER.fullmatch(str(raw)) else ""


def _prefix(tag: str) -> str:
    """What tells ids of other tags from those of the first one."""
    return "" if tag in {"", _MASTER} else f"{tag}/"


def _units(tag: str, tasks: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each task with its name, and its subtasks behind it."""
    prefix = _prefix(tag)
    for at, task in enumerate(tasks, 1):
        if not isinstance(task, dict):
            yield f"{prefix}task {at}", task
            continue
        name = prefix + str(task.get("id"))
        subtasks = task.get("subtasks")
        below_it = subtasks if isinstance(subtasks, list) else []
        own = {key: each for key, each in task.items() if key != "subtasks" or each is not below_it}
        yield name, _named(own, _Place(tag, prefix))
        for number, each in enumerate(below_it, 1):
            below = f"{name}.{each.get('id')}" if isinstance(each, dict) else f"{name} subtask {number}"
            place = _Place(tag, prefix, str(task.get("id")))
            yield below, _named(each, place) if isinstance(each, dict) else each


def _named(task: Mapping[str, Any], place: _Place) -> dict[str, Any]:
    """`task` with whole ids in place of numbers."""
    name, parent = task.get("id"), place.parent
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    record = {**task, "id": name, _TAG: place.tag}
    if isinstance(name, str) and name:
        record["id"] = f"{place.prefix}{parent}.{name}" if parent else place.prefix + name
    needed = task.get("dependencies")
    if isinstance(needed, list):
        record["dependencies"] = [_needed(each, place) for each in needed]
    return record


def _needed(raw: Any, place: _Place) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return raw
    number = str(raw)
    if place.parent and _number(raw):
        return f"{place.prefix}{place.parent}.{number}"
    return place.prefix + number


def _write(tasks: Sequence[Carried]) -> list[File]:
    head: dict[str, Any] = next(
        (each.kept[HEAD] for each in tasks if isinstance(each.kept.get(HEAD), dict)), {}
    )
    tags: dict[str, list[Carried]] = {}
    for each in tasks:
        tags.setdefault(str(each.kept.get(_TAG, _MASTER)), []).append(each)
    document: dict[str, Any] = dict(head)
    for tag, there in tags.items():
        records = _records(there, _prefix(tag))
        known = head.get(tag) if isinstance(head.get(tag), dict) else {}
        document |= {tag: {"tasks": records, **(known or {})}} if tag else {"tasks": records}
    return [File("tasks.json", (dumped(document, indent=2) + "\n").encode())]


def _records(tasks: Sequence[Carried], prefix: str) -> list[dict[str, Any]]:
    """Tasks with their subtasks inside them; an id that cannot be one here is written as it is."""
    top: dict[str, dict[str, Any]] = {}
    names = {each.task.task_id.removeprefix(prefix) for each in tasks}
    below: list[tuple[str, dict[str, Any]]] = []
    for each in tasks:
        record = write_record(each, _FIELDS)
        name = record["id"].removeprefix(prefix)
        found = _SUBTASK.fullmatch(name)
        parent = found[1] if found and found[1] in names and not _is_below(found[1], names) else ""
        record["id"] = _as_number(found[2] if found and parent else name)
        record["dependencies"] = [
            _short(need.removeprefix(prefix), parent) for need in record["dependencies"]
        ]
        if parent:
            below.append((parent, record))
        else:
            top[name] = record
    for parent, record in below:
        top[parent].setdefault("subtasks", []).append(record)
    return [each if "subtasks" in each else each | {"subtasks": []} for each in top.values()]


def _is_below(name: str, names: set[str]) -> bool:
    found = _SUBTASK.fullmatch(name)
    return bool(found and found[1] in names)


def _as_number(name: str) -> int | str:
    return int(name) if _NUMBER.fullmatch(name) else name


def _short(needed: str, parent: str) -> int | str:
    """A dependency as its task would have it: in a subtask a number is a sibling."""
    found = _SUBTASK.fullmatch(needed)
    if parent and found and found[1] == parent:
        return int(found[2])
    return needed if parent else _as_number(needed)


FORMAT = Format(_EXPECTED, "object", _read, _write)
