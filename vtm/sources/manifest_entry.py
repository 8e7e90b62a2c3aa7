"""One entry of a manifest as a text of its own."""

from typing import Any

import msgspec

from vtm.errors import UnreadableError
from vtm.sources.decoder import parse
from vtm.sources.diagnosis import large_numbers, too_deep
from vtm.sources.json_text import Container, opened
from vtm.sources.manifest_text import ManifestText, refuse_repeated_keys
from vtm.sources.positions import position


def entry_text(entry: object) -> bytes:
    """The text of an entry."""
    return msgspec.json.format(msgspec.json.encode(entry), indent=2) + b"\n"


def read_entry(data: bytes, name: str) -> dict[str, Any]:
    """The entry that a text is.

    Raises:
        UnreadableError: It is no JSON object, or holds what could not be written without a loss.
    """
    refuse_repeated_keys(data, name)
    wrong = [(at, "holds a number that is too large", "write it as text") for at in large_numbers(data)]
    if too_deep(data):
        wrong.append(
            (too_deep(data), "is nested too deeply to be a task", "take out what is nested so deeply")
        )
    entry = parse(data)
    if not isinstance(entry, dict):
        wrong.append((0, "is no object", 'write {"task_id": ...}'))
    for at, what, fix in wrong:
        where = position(data, at)
        raise UnreadableError(
            f"{name} {what}", code="GAP::SCHEMA", path=name, line=where.line, column=where.column, fix=fix
        )
    found: dict[str, Any] = entry
    return found


def with_entry(text: ManifestText, at: int, entry: dict[str, Any]) -> ManifestText:
    """`text` with `entry` at position `at` of its tasks; what both entries have stays as it is."""
    old = text.document["tasks"][at]
    if not isinstance(old, dict):
        return text
    gone = old.keys() - entry.keys()
    data = _inside(text.data, at).without(gone) if gone else text.data
    changed = {key: each for key, each in entry.items() if key not in old or not _same(old[key], each)}
    return text._replace(data=_inside(data, at).with_members(changed) if changed else data)


def _inside(data: bytes, at: int) -> Container:
    tasks = opened(data).inside("tasks")
    found = tasks.inside(at) if tasks else None
    if found is None:
        raise AssertionError("an object is no object any more")
    return found


def _same(one: object, other: object) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other)
