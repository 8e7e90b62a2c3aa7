"""A manifest's entry as the text of a task file."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from vtm.model.state import TaskState
from vtm.sources.front_matter_keys import KEYS, POSITION
from vtm.sources.task_places import ORDER as ENTRY_ORDER
from vtm.sources.task_places import NotConvertibleError, Placed, placed, same
from vtm.sources.task_writing import ORDER, Contents, Stated, front_of, task_file

MANIFEST_ONLY = "x_manifest"


class Extras(NamedTuple):
    """What only files have.

    Attributes:
        fields: Keys of front matter that vtm does not read.
        notes: The section of that name.
        position: Where the entry was in the manifest; None: where the path of the file puts it.
        title: The key that the title is under.
    """

    fields: Mapping[str, Any] = {}
    notes: str = ""
    position: int | None = None
    title: str = "title"


def written(entry: Mapping[str, Any], extras: Extras, progress: TaskState) -> bytes:
    """The file for `entry`; what has no place in it, or cannot be read back from there, is kept as it is.

    Raises:
        NotConvertibleError: There is none that says the same.
    """
    data, found = _tried(entry, extras, progress, in_front=False)
    in_front = found is None or not _holds_description(found, entry)
    if in_front:
        data, found = _tried(entry, extras, progress, in_front=True)
    if found is None or found.entry.keys() - entry.keys():
        raise NotConvertibleError("says something that cannot be read back from a file")
    back = found.entry
    kept = [key for key in entry if key not in back or not same(back[key], entry[key])]
    in_order = {key: entry[key] for key in dict.fromkeys([*ENTRY_ORDER, *kept]) if key in kept}
    return draft(entry, extras, progress, in_order, in_front=in_front) if kept else data


def _tried(
    entry: Mapping[str, Any], extras: Extras, progress: TaskState, *, in_front: bool
) -> tuple[bytes, Placed | None]:
    data = draft(entry, extras, progress, in_front=in_front)
    try:
        return data, placed("", data)
    except NotConvertibleError:
        return data, None


def _holds_description(found: Placed, entry: Mapping[str, Any]) -> bool:
    """Whether the body gives the description back as it is: a heading in it, for example, would end it."""
    description = entry.get("description", "")
    return not isinstance(description, str) or found.task.description == description


def draft(
    entry: Mapping[str, Any],
    extras: Extras,
    progress: TaskState,
    kept: Mapping[str, Any] | None = None,
    *,
    in_front: bool = False,
) -> bytes:
    """The file for `entry` with `kept` beside it; `in_front`: its description stands in front matter."""
    times = {"started_at": progress.started_at, "completed_at": progress.completed_at}
    front = front_of(entry) | {"status": progress.status.value}
    front |= {key: msgspec.to_builtins(each) for key, each in times.items() if each is not None}
    front = {key: front[key] for key in dict.fromkeys([*ORDER, *front]) if key in front}
    front = {extras.title if key == "title" else key: each for key, each in front.items()}
    description = entry.get("description")
    context = description if isinstance(description, str) else ""
    if in_front:
        front, context = front | {"description": context}, ""
    reserved = {*KEYS, MANIFEST_ONLY, POSITION}
    front |= {key: each for key, each in extras.fields.items() if key not in reserved}
    front |= {} if extras.position is None else {POSITION: extras.position}
    front |= {MANIFEST_ONLY: kept} if kept else {}
    return task_file(Contents(front, context, _criteria(entry, set(progress.acs_completed)), extras.notes))


def _criteria(entry: Mapping[str, Any], met: set[str]) -> list[Stated]:
    given = entry.get("acceptance_criteria")
    found = []
    for each in given if isinstance(given, list) else []:
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            text = each.get("text")
            found.append(Stated(each["id"], text if isinstance(text, str) else "", each["id"] in met))
    return found
