"""The text of a state file with some entries changed and the rest as it was."""

from collections.abc import Mapping
from typing import Any

import msgspec

from vtm.errors import UnreadableError
from vtm.model.state import UNTOUCHED, TaskState

_BOM = b"\xef\xbb\xbf"
_Members = dict[str, msgspec.Raw]


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
    document = _members(data or b"{}", name)
    tasks = _members(bytes(document.get("tasks", b"{}")), name)
    for task_id, change in entries.items():
        if change.after is None:
            tasks.pop(task_id, None)
        else:
            old = bytes(tasks.get(task_id, b"{}"))
            tasks[task_id] = _entry(_members(old, name), change.before or UNTOUCHED, change.after)
    fields = {key: _raw(value) for key, value in head.items()}
    if "tasks" not in document:
        document = fields | document
    document |= fields
    document["tasks"] = _raw(tasks)
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _entry(members: _Members, before: TaskState, after: TaskState) -> msgspec.Raw:
    for field in msgspec.structs.fields(TaskState):
        value = getattr(after, field.name)
        changes = value != getattr(before, field.name)
        absent = field.encode_name not in members and value == getattr(UNTOUCHED, field.name)
        if (changes and not absent) or (field.encode_name == "status" and "status" not in members):
            members[field.encode_name] = _raw(value)
    return _raw(members)


def _members(data: bytes, name: str) -> _Members:
    """The members of a JSON object, none of which may be there twice; null is an empty one."""
    data = data.removeprefix(_BOM)
    members = msgspec.json.decode(data, type=_Members | None) or {}
    if _twice(data, members):
        raise UnreadableError(
            f"{name} has a key that stands twice in one object, and one of the two would be lost",
            code="GAP::SCHEMA",
            path=name,
            fix="`vtm validate` shows where; remove one of the two",
        )
    return members


def _twice(data: bytes, members: _Members) -> bool:
    """Whether `data` holds more than `members`; where lengths differ only because of escapes, it does not."""
    if len(msgspec.json.format(data, indent=-1)) == len(msgspec.json.format(_raw(members), indent=-1)):
        return False
    import json  # noqa: PLC0415  3 ms, and only where a key is escaped or stands twice

    count = len(json.loads(data, object_pairs_hook=list)) if data.strip() != b"null" else 0
    return count != len(members)


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))
