"""Backlog.md: a folder of Markdown files with front matter, completed, archived and drafted tasks included.

Source: src/markdown of https://github.com/MrLesk/Backlog.md.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from vtm.exchange.carried import Carried
from vtm.exchange.format import Format
from vtm.exchange.front_matter import FrontMatter, split
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, read_record, write_record
from vtm.exchange.sections import Body, Section, read_body, write_body
from vtm.exchange.values import Statuses, as_it_is, iso, moment, text, texts
from vtm.exchange.yaml_scalars import as_text
from vtm.exchange.yaml_text import dumped
from vtm.model.status import Status
from vtm.model.task import Texts

_EXPECTED = (
    "a folder of Backlog.md: Markdown files in `tasks`, `completed`, `drafts` or `archive`, or in itself"
)
_FOLDERS = ("tasks/*.md", "completed/*.md", "drafts/*.md", "archive/tasks/*.md", "archive/drafts/*.md")
_ARCHIVED = "archived "
_DESCRIPTION, _CHECKS, _NOTES, _BODY, _FILE = (
    *("vtm:description", "vtm:checks", "vtm:notes", "vtm:body", "vtm:file"),
)
_SECTIONS = "sections"
_NAME = re.compile(
    r"(?:(?:tasks|completed|drafts|archive/tasks|archive/drafts)/)?[^/\\:*?\"<>|\x00-\x1f\x7f]{1,200}\.md"
)
_STATUSES = Statuses(
    {
        "to-do": Status.PENDING,
        "todo": Status.PENDING,
        "open": Status.PENDING,
        "in-progress": Status.IN_PROGRESS,
        "review": Status.IN_PROGRESS,
        "in-review": Status.IN_PROGRESS,
        "blocked": Status.BLOCKED,
        "draft": Status.BLOCKED,
        "done": Status.COMPLETED,
        "completed": Status.COMPLETED,
        "cancelled": Status.ABANDONED,
        "canceled": Status.ABANDONED,
    },
    lambda word: word.replace("-", " ").title(),
)


def _status() -> Field:
    known = _STATUSES.field("status")

    def is_archived(raw: Any) -> bool:
        return isinstance(raw, str) and raw.startswith(_ARCHIVED)

    return known._replace(
        read=lambda raw: Status.ABANDONED if is_archived(raw) else known.read(raw),
        also=lambda raw: {} if is_archived(raw) else known.also(raw),
        doubt=lambda raw: "" if is_archived(raw) else known.doubt(raw),
    )


def _ids(raw: Any) -> Texts:
    return texts([as_text(each) for each in raw if each is not None] if isinstance(raw, list) else raw)


_FIELDS = (
    Field("id", "task_id", lambda raw: text(as_text(raw)), as_it_is, always=True),
    Field("title", "title", lambda raw: text(as_text(raw)), as_it_is, always=True),
    _status(),
    Field("dependencies", "depends_on_tasks", _ids, list, always=True),
    Field("completed_date", "completed_at", lambda raw: moment(as_text(raw)), iso),
    Field(_DESCRIPTION, "description", as_it_is, as_it_is),
    Field(_CHECKS, "checks", as_it_is, as_it_is),
    Field(_NOTES, "notes", as_it_is, as_it_is),
)


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    parts = [_parts(file) for file in files]
    ids = [as_text(each.fields.get("id")) for each in parts if isinstance(each, FrontMatter)]
    names = {each.casefold(): each for each in reversed(ids) if isinstance(each, str)}
    for number, (file, each) in enumerate(zip(files, parts, strict=True), 1):
        if isinstance(each, FrontMatter):
            _take(found, number, file.name, each, names)
        else:
            found.failed(number, file.name, *each)
    return found


def _parts(file: File) -> FrontMatter | tuple[str, int, int]:
    """The parts of a file; or why it has none, with line and column."""
    try:
        found = None if file.problem else split(file.data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = file.data[: error.start]
        return "is not UTF-8", before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    return found or (file.problem or "has no front matter, and is no task", 0, 0)


def _take(found: Reading, number: int, name: str, parts: FrontMatter, names: Mapping[str, str]) -> None:
    record = _record(name, parts)
    needed = record.get("dependencies")
    if isinstance(needed, list):
        record["dependencies"] = [_named(each, names) for each in needed]
    task, doubts = read_record(record, _FIELDS)
    doubts = [*filter(None, [parts.problem]), *doubts]
    found.took(number, name, task, doubts, parts.line, parts.column)


def _named(needed: Any, names: Mapping[str, str]) -> Any:
    """A dependency in the letters of the id that it means; it stays as it is where these are the same."""
    name = str(as_text(needed))
    known = names.get(name.casefold(), name)
    return needed if known == name else known


def _record(name: str, parts: FrontMatter) -> dict[str, Any]:
    body = read_body(parts.body)
    record = dict(parts.fields)
    if "status" in record:
        record["status"] = as_text(record["status"])
    status = record.get("status", "")
    if name.startswith("archive/") and isinstance(status, str):
        done = _STATUSES.read(status) in {Status.COMPLETED, Status.ABANDONED}
        record["status"] = status if done else _ARCHIVED + status
    record |= {_DESCRIPTION: body.description, _CHECKS: body.checks, _NOTES: body.notes, _FILE: name}
    if body.others:
        record[_SECTIONS] = [list(each) for each in body.others]
    if parts.body != "\n" + write_body(body):
        record[_BODY] = parts.body
    return record


def _write(tasks: Sequence[Carried]) -> list[File]:
    taken: set[str] = set()
    return [File(_name(each, taken), _text(each).encode()) for each in tasks]


def _name(task: Carried, taken: set[str]) -> str:
    """The file that a task came from, or one named after its id and title; no two are alike."""
    kept, status = task.kept.get(_FILE), task.state.status
    known = isinstance(kept, str) and bool(_NAME.fullmatch(kept)) and not kept.startswith(".")
    archived = known and str(kept).startswith("archive/")
    moved = archived and status not in {Status.ABANDONED, Status.COMPLETED} and "status" not in task.kept
    if not known or moved:
        kept = f"tasks/{_plain(task.task.task_id, 60)} - {_plain(task.task.title, 80)}.md"
    name, number = str(kept), 1
    while name.casefold() in taken:
        number += 1
        name = f"{str(kept).removesuffix('.md')}-{number}.md"
    taken.add(name.casefold())
    return name


def _plain(words: str, longest: int) -> str:
    return re.sub(r"[^\w.+-]+", "-", words)[:longest].strip("-.") or "task"


def _text(task: Carried) -> str:
    record = write_record(task, _FIELDS)
    others = [each for each in map(_section, _list(record.pop(_SECTIONS, []))) if each]
    for key in (_DESCRIPTION, _CHECKS, _NOTES):
        record.pop(key, None)
    status = record["status"]
    record["status"] = status.removeprefix(_ARCHIVED)
    body = Body(task.task.description, task.checks, task.state.notes, others)
    raw = task.kept.get(_BODY)
    whole = raw if isinstance(raw, str) and read_body(raw) == body else "\n" + write_body(body)
    return f"---\n{dumped(record)}---\n{whole}"


def _section(value: Any) -> Section | None:
    return Section(*map(str, value)) if isinstance(value, list) and len(value) == 2 else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


FORMAT = Format(_EXPECTED, "file", _read, _write, _FOLDERS, ("config.yml", "config.yaml"))
