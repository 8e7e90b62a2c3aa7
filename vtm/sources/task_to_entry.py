"""A task file as a manifest's entry."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from vtm.model.own_file import overlaid
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.task import FileTask
from vtm.sources.front_matter_keys import KEYS, POSITION
from vtm.sources.task_from_entry import MANIFEST_ONLY, Extras, draft, written
from vtm.sources.task_names import any_file_of
from vtm.sources.task_places import ORDER, NotConvertibleError, Placed, placed
from vtm.sources.yaml_error import YamlError
from vtm.sources.yaml_values import typed

MARKDOWN_ONLY = "x_markdown"
PATH, FILE, NOTES = "$path", "$file", "$notes"
"""Keys below `x_markdown` that are no front matter: no front matter has a key with a dollar in front."""

_TOGETHER = {"risk": ("risk", "grade"), "grade": ("risk", "grade")}


class Converted(NamedTuple):
    """A task file as an entry.

    Attributes:
        task: As the file declares it, with what belongs to the state.
        position: Where in the manifest it came from; None: unknown.
    """

    entry: dict[str, Any]
    task: FileTask
    position: int | None


def as_entry(name: str, data: bytes, folder: str, *, own: bool = False) -> Converted:
    """The entry for the file `name`, whose bytes are `data`, among the task files in `folder`.

    What has no place in an entry is below `x_markdown`: keys that vtm does not read, notes, a path that does
    not follow from the id, and the file itself where vtm would write it in another way; `own`: it would not.

    Raises:
        NotConvertibleError: It cannot be read as a task, or not all of it.
    """
    found = placed(name, data)
    front = _typed(data[found.parts.yaml : found.parts.end])
    kept, place = front.pop(MANIFEST_ONLY, None), front.pop(POSITION, None)
    position = place if isinstance(place, int) and not isinstance(place, bool) else None
    fields = {key: each for key, each in front.items() if key not in KEYS}
    if isinstance(kept, dict):
        entry = _with_kept(found, kept)
    else:
        entry, fields = found.entry, fields if kept is None else fields | {MANIFEST_ONLY: kept}
    extras = Extras(fields, found.task.notes, position)
    more = {key: each for key, each in fields.items() if not key.startswith("$")}
    more |= {NOTES: found.task.notes} if found.task.notes else {}
    more |= {PATH: name} if name != any_file_of(folder, found.task.task_id) else {}
    progress = overlaid(found.task, None) or UNTOUCHED
    two = bool(more) and MARKDOWN_ONLY in entry
    if two or not (own or _is_what_vtm_writes(entry, extras, progress, data)):
        more[FILE] = data.decode()
    entry |= {MARKDOWN_ONLY: more} if more else {}
    return Converted(entry, found.task, position)


def _typed(front: bytes) -> dict[str, Any]:
    try:
        return typed(front.decode())
    except YamlError as error:
        raise NotConvertibleError(error.message) from None


def _with_kept(found: Placed, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with what was kept of one; where the file says something else by now, the file is right."""
    kept = {key: each for key, each in kept.items() if key != "task_id"}
    entry = found.entry | kept
    in_places = [key for key in kept if key in ORDER]
    if in_places:
        try:
            again = placed("", draft(entry, Extras(), UNTOUCHED, in_front=True)).task
        except NotConvertibleError:
            again = None
        for key in in_places:
            names = _TOGETHER.get(key, (key,))
            if again is None or any(getattr(again, each) != getattr(found.task, each) for each in names):
                entry.pop(key)
                entry |= {key: found.entry[key]} if key in found.entry else {}
    return {key: entry[key] for key in dict.fromkeys([*ORDER, *entry]) if key in entry}


def _is_what_vtm_writes(entry: dict[str, Any], extras: Extras, progress: TaskState, data: bytes) -> bool:
    try:
        return written(entry, extras, progress) == data
    except NotConvertibleError:
        return False
