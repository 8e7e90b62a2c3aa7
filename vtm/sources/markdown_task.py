"""A task file: front matter and body, as a task and what is wrong with it."""

import re
from typing import Any, NamedTuple

from vtm.model.finding import Damage, Defect, Location
from vtm.model.task import FileTask
from vtm.sources.decoder import BOM, convert
from vtm.sources.front_matter import YamlError, read_front_matter
from vtm.sources.markdown_text import Body, Parts, criteria_boxes, numbered, parts, section
from vtm.sources.task_entry import Entry, entry_of
from vtm.sources.tolerant import Lenient

SCHEMA = "task-frontmatter"

_FIX = f"`vtm schema {SCHEMA}` shows what it may be"
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_UNCLOSED = re.compile(rb"\s*---[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[\w\"'-]+[ \t]*:(?:\s|\Z)")
_OLD_MAC = re.compile(rb"\s*---[ \t]*\r[^\n]*\r---[ \t]*(?:\r|\Z)")
_TORN = re.compile(rb"\s*<{7} ")
_MARKERS = re.compile(rb"^(?:<{7} |={7}\r?$|>{7} )", re.MULTILINE)


class FileRead(NamedTuple):
    """What a file holds; without a task and without a defect it is no task file."""

    task: FileTask | None
    defects: tuple[Defect, ...] = ()


def read_task(name: str, data: bytes) -> FileRead:
    """The task in the file `name`, whose bytes are `data`."""
    found = parts(data)
    if found is None:
        return FileRead(None, _no_front_matter(name, data))
    try:
        front = data[found.yaml : found.end].decode()
        data.decode()
    except UnicodeDecodeError as error:
        at = error.start + (found.yaml if error.end <= found.end - found.yaml else 0)
        return FileRead(None, (_not_utf8(name, data, at),))
    conflict = _conflict(name, data) if b"<<<<<<<" in data else ()
    try:
        values = read_front_matter(front)
    except YamlError as error:
        if conflict:
            return FileRead(None, conflict)
        first = data[: found.yaml].count(b"\n")
        where = Location(name, error.line + first, error.column)
        return FileRead(None, (Defect(Damage.SCHEMA, f"{name} {error.message}", where, "correct it"),))
    entry, notes = entry_of(values)
    _add_body(entry, data, found)
    task = convert(entry, FileTask)
    if task is not None and not notes and not conflict:
        return FileRead(task)
    return _with_defects(name, task, entry, values, notes, conflict)


def _with_defects(
    name: str,
    task: FileTask | None,
    entry: Entry,
    values: dict[Any, Any],
    notes: list[Lenient],
    conflict: tuple[Defect, ...],
) -> FileRead:
    from vtm.sources.document import lenient  # noqa: PLC0415  2 ms that sound files save

    broken: list[tuple[Any, str]] = []
    if task is None:
        from vtm.sources.salvage import errors, usable_file_task  # noqa: PLC0415  jsonschema: 40 ms

        read = {key: _present(value) for key, value in values.items() if value is not None}
        read |= {str(note.pointer[0]): note.read for note in notes if note.written is not None}
        broken = errors(read, SCHEMA, "task")
        task = usable_file_task(entry)
    task_id = task.task_id if task else ""
    defects = [
        *(Defect(Damage.SCHEMA, what, Location(name, pointer=at), _FIX, task_id) for at, what in broken),
        *(lenient(note, Location(name, pointer=note.pointer), task_id) for note in notes if task),
        *(Defect(each.damage, each.message, each.location, each.fix, task_id) for each in conflict),
    ]
    return FileRead(task, tuple(defects))


def _present(value: object) -> object:
    """A list without nulls, which are read as if they were not there."""
    return [each for each in value if each is not None] if isinstance(value, list) else value


def _add_body(entry: Entry, data: bytes, found: Parts) -> None:
    """Add what the body says: criteria, which of them are met, context and notes."""
    body, boxes = criteria_boxes(data, found.body)
    if boxes:
        ids = list(numbered(boxes))
        entry["acceptance_criteria"] = [
            {"id": name, "text": box.text} for name, box in zip(ids, boxes, strict=True)
        ]
        entry["met"] = [name for name, box in zip(ids, boxes, strict=True) if box.ticked]
        if not all(box.id for box in boxes):
            entry["numbered"] = [name for name, box in zip(ids, boxes, strict=True) if not box.id]
    if "description" not in entry:
        entry["description"] = _context(data, body, found.body)
    notes = section(data, body, "Notes")
    if notes:
        entry["notes"] = _text(data, *notes)


def _context(data: bytes, body: Body, start: int) -> str:
    """The section `Context`, or what stands before the first section and the first box."""
    found = section(data, body, "Context")
    if found:
        return _text(data, *found)
    first = body.headings[0] if body.headings else None
    if first and first.level == 1 and not data[start : first.start].strip():
        start = first.content
    ends = [each.start for each in body.headings if each.start >= start]
    ends += [data.rfind(b"\n", 0, each.at) + 1 for each in body.boxes[:1]]
    return _text(data, start, min(ends, default=len(data)))


def _text(data: bytes, start: int, end: int) -> str:
    return data[start:end].decode("utf-8", "replace").strip()


def _no_front_matter(name: str, data: bytes) -> tuple[Defect, ...]:
    """Why a file without front matter cannot be passed over."""
    if data.startswith(_OTHER_UNICODE):
        return (_not_utf8(name, data, 0),)
    start = len(BOM) if data.startswith(BOM) else 0
    if _TORN.match(data, start) and b"\n---" in data and (conflict := _conflict(name, data)):
        return conflict
    if _OLD_MAC.match(data, start):
        what = f"{name} has line ends of old Macs, which no front matter has"
        return (Defect(Damage.UNREADABLE, what, Location(name, 1, 1), "save it with the line ends of Unix"),)
    if _UNCLOSED.match(data, start):
        what = f"{name} opens front matter that no line of three dashes closes"
        return (Defect(Damage.UNREADABLE, what, Location(name, 1, 1), "write --- behind the last key"),)
    return ()


def _conflict(name: str, data: bytes) -> tuple[Defect, ...]:
    """The conflict that git left in a file, where both ends of it are there."""
    marks = list(_MARKERS.finditer(data))
    kinds = {each.group()[:1] for each in marks}
    if kinds != {b"<", b"=", b">"}:
        return ()
    line = data[: marks[0].start()].count(b"\n") + 1
    what = f"{name} has conflict markers of git"
    fix = "keep what is right of both sides and remove the markers"
    return (Defect(Damage.CONFLICT_MARKERS, what, Location(name, line, 1), fix),)


def _not_utf8(name: str, data: bytes, at: int) -> Defect:
    from vtm.sources.positions import position  # noqa: PLC0415  2 ms that sound files save

    where = Location(name, *position(data, at))
    return Defect(Damage.UNREADABLE, f"{name} is not UTF-8", where, "save it as UTF-8")
