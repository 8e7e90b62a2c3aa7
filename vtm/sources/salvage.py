"""What can be saved of an entry that does not fit its schema, and every reason why it does not."""

import json
from functools import cache
from typing import Any, TypeVar

import msgspec
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from vtm.discovery import schema_folder
from vtm.model.finding import Pointer
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Criterion, Task, Timestamp
from vtm.sources.decoder import convert

T = TypeVar("T")

_LONGEST = 240
_formats = FormatChecker(formats=())


def _is_moment(value: object) -> bool:
    """The decoder's own idea of a moment, so that schema and decoder cannot disagree."""
    return not isinstance(value, str) or convert(value, Timestamp) is not None


_formats.checks("date-time")(_is_moment)


@cache
def _validator(name: str, definition: str) -> Draft202012Validator:
    schema = json.loads((schema_folder() / f"{name}.schema.json").read_text("utf-8"))
    part = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    return Draft202012Validator(part, format_checker=_formats)


def errors(value: object, name: str, definition: str) -> list[tuple[Pointer, str]]:
    """Every way in which `value` breaks a definition of a schema: where, and what is wrong."""
    found = _validator(name, definition).iter_errors(value)
    return sorted({(tuple(each.absolute_path), _sentence(each)) for each in found}, key=repr)


def _sentence(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path))
    text = f"{where}: {error.message}" if where else error.message
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def usable_task(entry: dict[str, Any]) -> Task | None:
    """A task from the fields that fit, defaults for the rest; None where not even the id can be used.

    A dependency that cannot be read becomes one that is never met: such a task must not look free to start.
    """
    entry = dict(entry)
    if "depends_on_tasks" in entry:
        entry["depends_on_tasks"] = _dependencies(entry["depends_on_tasks"])
    criteria = entry.get("acceptance_criteria")
    if isinstance(criteria, list):
        entry["acceptance_criteria"] = [each for each in criteria if convert(each, Criterion)]
    fitting = {key: value for key, value in entry.items() if _fits(Task, {"task_id": "x"}, key, value)}
    return convert(fitting, Task)


def usable_entry(entry: object) -> TaskState:
    """A task's state from the fields that fit; where the status does not, it is `blocked`."""
    if not isinstance(entry, dict):
        return TaskState(status=Status.BLOCKED)
    fitting = {key: value for key, value in entry.items() if _fits(TaskState, {}, key, value)}
    if "status" in entry:
        fitting.setdefault("status", Status.BLOCKED.value)
    return convert(fitting, TaskState) or TaskState(status=Status.BLOCKED)


def usable(head: dict[str, Any], kind: type[T], rest: dict[str, Any]) -> T:
    """`kind` from the fields of `head` that fit, together with `rest`, which does."""
    fitting = {key: value for key, value in head.items() if _fits(kind, rest, key, value)}
    return msgspec.convert({**fitting, **rest}, kind)


def _fits(kind: type[Any], needed: dict[str, Any], key: str, value: object) -> bool:
    return convert({**needed, key: value}, kind) is not None


def _dependencies(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str) else json.dumps(each) for each in listed]
