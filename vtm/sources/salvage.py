"""What can be saved of an entry that does not fit its schema, and every reason why it does not."""

import json
from functools import cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from vtm.discovery import schema_folder
from vtm.model.finding import Pointer
from vtm.model.state import State, TaskState
from vtm.model.status import Status
from vtm.model.task import Criterion, FileTask, Manifest, Task, Timestamp
from vtm.sources.decoder import convert

_LONGEST = 240
_SHORT = 60
_DEPTH = 12
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
    found = _validator(name, definition).iter_errors(_shallow(value))
    return sorted({(tuple(each.absolute_path), _sentence(each)) for each in found}, key=repr)


def _shallow(value: Any, depth: int = _DEPTH) -> Any:
    """`value` without what lies deeper than any schema looks, so that a thousand levels can be shown."""
    if not isinstance(value, dict | list):
        return value
    if not depth:
        return "…"
    if isinstance(value, list):
        return [_shallow(each, depth - 1) for each in value]
    return {key: _shallow(each, depth - 1) for key, each in value.items()}


def _sentence(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path))
    what = error.message
    if error.instance is None or isinstance(error.instance, bool):
        what = json.dumps(error.instance) + what.removeprefix(repr(error.instance))
    elif error.validator in {"pattern", "minLength"}:
        what = f"{error.instance!r} is empty or holds control characters"
    return _shortened(f"{where}: {what}" if where else what, _LONGEST)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def usable_task(entry: dict[str, Any]) -> Task | None:
    """A task from the fields that fit, defaults for the rest; None where not even the id can be used.

    What cannot be read must not make a task look free to start: such a dependency becomes one that is never
    met, and where `provisional` is not clear the task is provisional.
    """
    return convert(_fitting(_cautious(entry), Task, {"task_id": "x"}), Task)


def usable_file_task(entry: dict[str, Any]) -> FileTask | None:
    """The same for a task file; where its status cannot be read, it is `blocked`."""
    fitting = _fitting(_cautious(entry), FileTask, {"task_id": "x"})
    return convert({"declared_status": Status.BLOCKED.value} | fitting, FileTask)


def _cautious(entry: dict[str, Any]) -> dict[str, Any]:
    """`entry` with what cannot be read standing for what holds a task back."""
    entry = dict(entry)
    if "depends_on_tasks" in entry:
        entry["depends_on_tasks"] = _texts(entry["depends_on_tasks"])
    criteria = entry.get("acceptance_criteria")
    if isinstance(criteria, list):
        entry["acceptance_criteria"] = [
            each if convert(each, Criterion) else _unread(each) for each in criteria
        ]
    if not isinstance(entry.get("provisional", False), bool):
        entry["provisional"] = True
    return entry


def usable_entry(entry: object) -> TaskState:
    """A task's state from the fields that fit; where the status does not, it is `blocked`."""
    if not isinstance(entry, dict):
        return TaskState(status=Status.BLOCKED, blocked_reason="its state cannot be read")
    fitting = _fitting(entry, TaskState, {})
    if "status" in entry and "status" not in fitting:
        reason = f"its status {json.dumps(entry['status'])[:_LONGEST]} is not known"
        fitting = {"blocked_reason": reason} | fitting | {"status": Status.BLOCKED.value}
    return msgspec.convert(fitting, TaskState)


def _unread(criterion: object) -> dict[str, str]:
    """A criterion that cannot be read still is one; its own text names it."""
    return {"id": json.dumps(criterion)[:_LONGEST]}


def usable_manifest(head: dict[str, Any]) -> Manifest:
    """A manifest without tasks, from the fields that fit.

    A status or a blocking gap that cannot be read still says that the manifest is not to be worked on.
    """
    head = dict(head)
    if "status" in head:
        head["status"] = _text(head["status"])
    gaps = head.get("gaps", {})
    head["gaps"] = {"blocking": _texts(gaps.get("blocking", []) if isinstance(gaps, dict) else gaps)}
    return msgspec.convert({**_fitting(head, Manifest, {"tasks": []}), "tasks": []}, Manifest)


def usable_state(head: dict[str, Any]) -> State:
    """A state without entries, from the fields that fit."""
    return msgspec.convert(_fitting(head, State, {}), State)


def _fitting(entry: dict[str, Any], kind: type[Any], needed: dict[str, Any]) -> dict[str, Any]:
    """The fields of `entry` that `kind` takes one by one; `needed` are those that it cannot be without."""
    return {key: value for key, value in entry.items() if convert({**needed, key: value}, kind) is not None}


def _texts(value: object) -> list[str]:
    return [_text(each) for each in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    """What cannot be read, so that it stands for nothing that there is."""
    if isinstance(value, str):
        return value
    return f"{_shortened(json.dumps(_shallow(value), ensure_ascii=False), _SHORT)} (unreadable)"
