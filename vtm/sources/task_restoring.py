"""A manifest's entry as a task file: the one it came from where it came from one."""

from collections.abc import Mapping
from typing import Any

from vtm.errors import UnreadableError
from vtm.model.state import TaskState
from vtm.sources.front_matter_keys import KEYS
from vtm.sources.task_from_entry import Extras, written
from vtm.sources.task_names import any_file_of, is_below
from vtm.sources.task_places import NotConvertibleError, placed, same
from vtm.sources.task_text import edited
from vtm.sources.task_to_entry import FILE, MARKDOWN_ONLY, NOTES, PATH, as_entry

_ENDING = ".md"


def as_file(entry: Mapping[str, Any], progress: TaskState, folder: str, position: int | None = None) -> bytes:
    """The task file for an entry; read back, it gives the same entry.

    Where the entry was edited since it came from a file, that file is kept in the new one.

    Raises:
        NotConvertibleError: There is none that does.
    """
    name, file = path_of(entry, folder), _came_from(entry, FILE)
    if file is not None and _gives(file.encode(), name, entry, folder):
        return _with_progress(file.encode(), name, progress)
    plain, extras = _taken_apart(entry, position)
    data = written(plain, extras, progress)
    if file is not None or _gives(data, name, entry, folder, own=True):
        return data
    data = written(entry, Extras(position=position), progress)
    if _gives(data, name, entry, folder, own=True):
        return data
    raise NotConvertibleError("would come back as another task")


def _came_from(entry: Mapping[str, Any], key: str) -> str | None:
    """What is kept of the file that an entry came from; None: nothing is."""
    kept = entry.get(MARKDOWN_ONLY)
    value = kept.get(key) if isinstance(kept, dict) else None
    return value if isinstance(value, str) else None


def _taken_apart(entry: Mapping[str, Any], position: int | None) -> tuple[Mapping[str, Any], Extras]:
    """An entry without what only files have, and that."""
    kept = entry.get(MARKDOWN_ONLY)
    if not isinstance(kept, dict):
        return entry, Extras(position=position)
    fields = {key: each for key, each in kept.items() if not key.startswith("$") and key not in KEYS}
    notes = _came_from(entry, NOTES) or ""
    used = {*fields, PATH, *([NOTES] if notes else [])}
    rest = {key: each for key, each in kept.items() if key not in used}
    plain = {key: each for key, each in entry.items() if key != MARKDOWN_ONLY}
    return plain | ({MARKDOWN_ONLY: rest} if rest else {}), Extras(fields, notes, position)


def path_of(entry: Mapping[str, Any], folder: str) -> str:
    """Where the file of an entry is to be: where it came from, else where its id says."""
    came_from = _came_from(entry, PATH) or ""
    if came_from.startswith(f"{folder.rstrip('/')}/") and came_from.endswith(_ENDING) and is_below(came_from):
        return came_from
    return any_file_of(folder, str(entry["task_id"]))


def _with_progress(data: bytes, name: str, progress: TaskState) -> bytes:
    try:
        return edited(data, name, placed(name, data).task, progress)
    except UnreadableError as error:
        raise NotConvertibleError(error.message.removeprefix(f"{name} ")) from None


def _gives(data: bytes, name: str, entry: Mapping[str, Any], folder: str, *, own: bool = False) -> bool:
    try:
        return same(as_entry(name, data, folder, own=own).entry, entry)
    except NotConvertibleError:
        return False
