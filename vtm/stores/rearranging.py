"""The text of a state file in which entries are moved, or values replaced; the rest stays as it is."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from vtm.errors import UnreadableError
from vtm.model.finding import Pointer
from vtm.stores.state_file import Members, members, raw

ORPHANED = "orphaned"
"""Key of the entries whose tasks are no longer declared."""

_TASKS = "tasks"
_ID = "task_id"
_EMPTY = b"{}"


class Moves(NamedTuple):
    """Entries that change their place: to the orphaned ones, and from there to the others."""

    aside: Collection[str] = ()
    back: Collection[str] = ()


def moved(data: bytes, name: str, moves: Moves) -> bytes:
    """The state file `data` with these entries in their new places, whole.

    Raises:
        UnreadableError: A key stands twice, or `orphaned` is no object.
    """
    document = members(data, name)
    tasks = members(bytes(document.get(_TASKS, _EMPTY)), name)
    orphans = members(bytes(document.get(ORPHANED, _EMPTY)), name)
    back = {task_id: orphans.pop(task_id) for task_id in moves.back}
    aside = {task_id: tasks.pop(task_id) for task_id in moves.aside}
    document[_TASKS] = raw(tasks | back)
    orphans |= aside
    if orphans:
        document[ORPHANED] = raw(orphans)
    else:
        document.pop(ORPHANED, None)
    return msgspec.json.encode(document)


def orphaned(data: bytes, name: str) -> bytes:
    """The orphaned entries of the state file `data`, as a state file that has no others.

    Raises:
        UnreadableError: A key stands twice, or `orphaned` is no object.
    """
    orphans = members(bytes(members(data, name).get(ORPHANED, _EMPTY)), name)
    return msgspec.json.encode({_TASKS: orphans})


def entries_with(data: bytes, name: str, key: str) -> frozenset[str]:
    """The tasks whose entries in the state file `data` have a field; it may be null.

    Raises:
        UnreadableError: A key stands twice.
    """
    entries = members(bytes(members(data, name).get(_TASKS, _EMPTY)), name)
    return frozenset(
        task_id
        for task_id, entry in entries.items()
        if bytes(entry).lstrip().startswith(b"{") and key in members(bytes(entry), name)
    )


def keyed(data: bytes, name: str) -> bytes:
    """The state file `data`, whose tasks are a list of entries with their ids, with an object in its place.

    Raises:
        UnreadableError: An entry has no id, or one that another entry has too.
    """
    document = members(data, name)
    tasks: Members = {}
    for position, entry in enumerate(msgspec.json.decode(document[_TASKS], type=list[msgspec.Raw])):
        fields = members(bytes(entry), name) if bytes(entry).lstrip().startswith(b"{") else {}
        task_id = msgspec.json.decode(fields.pop(_ID, b"null"))
        if not isinstance(task_id, str) or not task_id or task_id in tasks:
            what = f"has no {_ID}" if not task_id or not isinstance(task_id, str) else f"is {task_id} again"
            raise UnreadableError(
                f"{name}: entry {position} of the list `{_TASKS}` {what}",
                code="GAP::SCHEMA",
                path=name,
                fix=f"give each entry a {_ID} of its own",
            )
        tasks[task_id] = raw(fields)
    document[_TASKS] = raw(tasks)
    return msgspec.json.encode(document)


def replaced(data: bytes, name: str, values: Mapping[Pointer, object]) -> bytes:
    """The JSON object `data` with these values at their places, new keys at the end.

    Raises:
        UnreadableError: A key stands twice.
    """
    found = members(data, name)
    inside: dict[str, dict[Pointer, object]] = {}
    for (key, *rest), value in values.items():
        inside.setdefault(str(key), {})[tuple(rest)] = value
    for key, within in inside.items():
        if () in within:
            found[key] = raw(within[()])
        else:
            found[key] = msgspec.Raw(replaced(bytes(found[key]), name, within))
    return msgspec.json.encode(found)
