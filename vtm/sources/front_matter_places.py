"""Line and column of what a task file says, by the names that a manifest has for it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from vtm.model.finding import Pointer
from vtm.sources.decoder import BOM
from vtm.sources.markdown_text import Parts, criteria_boxes, parts
from vtm.sources.positions import Position, positions
from vtm.sources.yaml_nodes import Node, YamlError, compose
from vtm.sources.yaml_scalars import means

_DEPENDENCIES = "depends_on_tasks"
_KEYS = {
    "task_id": ("id",),
    "title": ("title", "name"),
    "declared_status": ("status",),
    _DEPENDENCIES: ("depends_on", "dependencies", "dependsOn", "depends_on_tasks"),
    "grade": ("risk",),
    "est": ("size", "est"),
}
_CRITERIA = "acceptance_criteria"
_KEY_LINE = re.compile(
    rb"^[ ]*(?P<key>\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s:#][^:\r\n]*?)[ ]*:(?=[ \t\r\n])", re.MULTILINE
)


class _Found(NamedTuple):
    """Where a key is, and its value where the front matter can be read."""

    at: int
    value: Node | None = None


def locate_in_file(data: bytes, pointers: Iterable[Pointer]) -> dict[Pointer, Position]:
    """Where the values that `pointers` lead to are; what is not there has the place of its nearest parent.

    Pointers start with names of a manifest's fields: `("depends_on_tasks", 1)` is the second item under
    `depends_on`, `dependencies` or `dependsOn`, `("acceptance_criteria", 0)` the first box. The place of a
    key is that of its name, the place of the whole file that of the opening dashes. Where the front matter is
    not valid, keys are found by the lines that begin with them.
    """
    wanted = set(pointers)
    found = parts(data)
    if found is None:
        return dict.fromkeys(wanted, Position(1, 1))
    top = _opening(data)
    keys = _keys(data, found) if _may_have(data[found.yaml : found.end], wanted) else {}
    boxes = criteria_boxes(data, found.body)[1] if any(each[:1] == (_CRITERIA,) for each in wanted) else []
    offsets = {each: _offset(each, keys, [box.at - 1 for box in boxes], top) for each in wanted}
    places = positions(data, set(offsets.values()))
    return {pointer: places[offset] for pointer, offset in offsets.items()}


def _may_have(front: bytes, wanted: Iterable[Pointer]) -> bool:
    """Whether any key that is asked for may be there; what a rule misses is mostly not."""
    names = {str(each[0]) for each in wanted if each}
    return b"\\" in front or any(
        each.encode() in front for name in names for each in _KEYS.get(name, (name,))
    )


def _opening(data: bytes) -> int:
    start = len(BOM) if data.startswith(BOM) else 0
    return data.index(b"-", start)


def _keys(data: bytes, found: Parts) -> dict[str, _Found]:
    """The keys of the top level; of one that is repeated, the last, because that one is read."""
    try:
        top = compose(data, found.yaml, found.end)
    except (YamlError, UnicodeDecodeError):
        return _keys_by_line(data, found)
    pairs = top.pairs if top is not None and top.kind == "mapping" else []
    return {key.value: _Found(key.start, value) for key, value in pairs if key.kind == "scalar"}


def _keys_by_line(data: bytes, found: Parts) -> dict[str, _Found]:
    keys: dict[str, _Found] = {}
    for line in _KEY_LINE.finditer(data, found.yaml, found.end):
        name = line["key"].decode("utf-8", "replace").strip("\"'")
        keys.setdefault(name, _Found(line.start("key")))
    return keys


def _offset(pointer: Pointer, keys: dict[str, _Found], boxes: list[int], top: int) -> int:
    if not pointer:
        return top
    name, rest = str(pointer[0]), pointer[1:]
    if name == _CRITERIA and boxes:
        index = rest[0] if rest else 0
        return boxes[index] if isinstance(index, int) and index < len(boxes) else boxes[0]
    if name == _DEPENDENCIES and rest:
        items = _dependencies(keys)
        return items[int(rest[0])] if int(rest[0]) < len(items) else _offset((name,), keys, boxes, top)
    known = next((keys[each] for each in _KEYS.get(name, (name,)) if each in keys), None)
    return top if known is None else _inside(known, rest)


def _dependencies(keys: dict[str, _Found]) -> list[int]:
    """Where each dependency is, of whatever spelling of the key, as they are read together."""
    places: list[int] = []
    known: set[str] = set()
    for _, value in (found for key, found in keys.items() if key in _KEYS[_DEPENDENCIES]):
        items = [] if value is None else value.children if value.kind == "list" else [value]
        written = [each for each in items if not means(each, None)]
        places += [each.start for each in written if each.value not in known]
        known |= {each.value for each in written}
    return places


def _inside(found: _Found, pointer: Pointer) -> int:
    """Where a pointer leads to from the value of a key, or the last place on the way that is there."""
    at, value = found
    for step in pointer:
        children = _children(value)
        if step not in children:
            break
        at, value = children[step]
    return at


def _children(value: Node | None) -> dict[str | int, _Found]:
    if value is None or value.kind not in {"list", "mapping"}:
        return {}
    if value.kind == "list":
        items = [each for each in value.children if not means(each, None)]  # a null is read as no item
        return {index: _Found(each.start, each) for index, each in enumerate(items)}
    return {key.value: _Found(key.start, each) for key, each in value.pairs if key.kind == "scalar"}
