"""The text of a state file with some entries changed and the rest as it was."""

from collections.abc import Mapping
from typing import Any

import msgspec

from vtm.errors import UnreadableError
from vtm.model.state import UNTOUCHED, TaskState

_BOM = b"\xef\xbb\xbf"
Members = dict[str, msgspec.Raw]
"""The members of an object, each as it is written."""


class Changed(msgspec.Struct, frozen=True):
    """An entry that changes.

    Attributes:
        before: As it was read; None: there was none.
        after: As it is to be; None: it goes.
    """

    before: TaskState | None
    after: TaskState | None


def edited(data: bytes, name: str, entries: Mapping[str, Changed], head: Mapping[str, Any]) -> bytes:
    """The state file `data` with these entries, and these fields beside `tasks`.

    Keys stay in their order, new ones go to the end; unknown keys, and the way in which a value is written
    that does not change, stay as they are.

    Raises:
        UnreadableError: An object has a key twice, one of which would be lost.
    """
    document = members(data, name)
    tasks = members(bytes(document.get("tasks", b"{}")), name)
    for task_id, change in entries.items():
        if change.after is None:
            tasks.pop(task_id, None)
        else:
            old = bytes(tasks.get(task_id, b"{}"))
            tasks[task_id] = _entry(members(old, name), change.before or UNTOUCHED, change.after)
    fields = {key: raw(value) for key, value in head.items()}
    if "tasks" not in document:
        document = fields | document
    document |= fields
    document["tasks"] = raw(tasks)
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _entry(entry: Members, before: TaskState, after: TaskState) -> msgspec.Raw:
    for field in msgspec.structs.fields(TaskState):
        value = getattr(after, field.name)
        changes = value != getattr(before, field.name)
        absent = field.encode_name not in entry and value == getattr(UNTOUCHED, field.name)
        if (changes and not absent) or (field.encode_name == "status" and "status" not in entry):
            entry[field.encode_name] = raw(value)
    return raw(entry)


def members(data: bytes, name: str) -> Members:
    """The members of a JSON object of the file `name`; null is an empty one.

    Raises:
        UnreadableError: One of them is there twice, or it is no object.
    """
    data = data.removeprefix(_BOM)
    try:
        found = msgspec.json.decode(data, type=Members | None) or {}
    except msgspec.ValidationError:
        raise UnreadableError(
            f"{name} has a value where an object should be",
            code="GAP::SCHEMA",
            path=name,
            fix="`vtm schema task-state` shows what it may be",
        ) from None
    if _twice(data, found):
        raise UnreadableError(
            f"{name} has a key that stands twice in one object, and one of the two would be lost",
            code="GAP::SCHEMA",
            path=name,
            fix="`vtm validate` shows where; remove one of the two",
        )
    return found


def _twice(data: bytes, found: Members) -> bool:
    """Whether `data` holds more than `found`; where lengths differ only because of escapes, it does not."""
    if len(msgspec.json.format(data, indent=-1)) == len(msgspec.json.format(raw(found), indent=-1)):
        return False
    import json  # noqa: PLC0415  3 ms, and only where a key is escaped or stands twice

    count = len(json.loads(data, object_pairs_hook=list)) if data.strip() != b"null" else 0
    return count != len(found)


def raw(value: object) -> msgspec.Raw:
    """A value as it is written in a file."""
    return msgspec.Raw(msgspec.json.encode(value))
