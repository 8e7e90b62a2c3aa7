"""Taskwarrior: what `task export` prints, as a list or with a task on each line.

Source: https://taskwarrior.org/docs/design/task/ (the JSON format of a task).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from vtm.exchange.carried import Carried
from vtm.exchange.documents import document, finish, take
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.json_text import NoJsonError, dumped, parsed
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, UnfitError, write_record
from vtm.exchange.values import Statuses, as_it_is, moment, text, texts
from vtm.model.status import Status
from vtm.model.task import Timestamp

_EXPECTED = "what `task export` prints: a JSON list of objects with uuid and description"
_STARTED, _NAME, _NOTES = "started", "vtm:id", "annotations"
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z")
_EPOCH = "19700101T000000Z"
_STATUSES = Statuses(
    {
        "pending": Status.PENDING,
        _STARTED: Status.IN_PROGRESS,
        "waiting": Status.BLOCKED,
        "recurring": Status.BLOCKED,
        "blocked": Status.BLOCKED,
        "completed": Status.COMPLETED,
        "deleted": Status.ABANDONED,
    }
)


def _moment(raw: Any) -> Timestamp | None:
    return moment(_COMPACT.sub(r"\1-\2-\3T\4:\5:\6Z", text(raw)))


def _compact(value: Timestamp) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if isinstance(value, datetime) else ""


def _notes(raw: Any) -> str:
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise UnfitError("is not a list of objects")
    return "\n".join(text(each.get("description")) for each in raw)


def _annotations(notes: str) -> list[dict[str, str]]:
    return [{"entry": _EPOCH, "description": line} for line in notes.split("\n") if notes]


_FIELDS = (
    Field(_NAME, "task_id", text, as_it_is, always=True),
    Field("description", "title", text, as_it_is, always=True),
    _STATUSES.field("status"),
    Field(_NOTES, "notes", _notes, _annotations),
    Field("depends", "depends_on_tasks", texts, list),
    Field("start", "started_at", _moment, _compact),
    Field("end", "completed_at", _moment, _compact),
)


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    try:
        value, doubts = document(files[0], _EXPECTED)
    except WrongFormatError:
        entries = _line_by_line(files[0].data, found)
        if not entries:
            raise
        doubts = []
    else:
        entries = (
            [(at, each, ()) for at, each in enumerate(value or [], 1)] if isinstance(value, list) else []
        )
        if value is not None and not isinstance(value, list):
            raise WrongFormatError.because(files[0].name, "is not a list", _EXPECTED)
    if entries and not any(_is_task(each) for _, each, _ in entries):
        raise WrongFormatError.because(files[0].name, "holds no tasks of Taskwarrior", _EXPECTED)
    names = _names([each for _, each, _ in entries])
    for number, each, more in entries:
        take(found, number, "", _with_names(each, names) if isinstance(each, dict) else each, _FIELDS, more)
    found.units.sort(key=lambda unit: unit.number)
    finish(found, None, doubts)
    return found


def _line_by_line(data: bytes, found: Reading) -> list[tuple[int, Any, Sequence[str]]]:
    """The objects that stand on a line each, with the numbers of their lines; other lines are noted."""
    entries: list[tuple[int, Any, Sequence[str]]] = []
    failures = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        body = line.strip().rstrip(b",")
        if body in {b"", b"[", b"]"}:
            continue
        try:
            value, doubts = parsed(body)
            entries.append((number, value, doubts))
        except NoJsonError as error:
            failures.append((number, "", str(error), number, error.column))
    if any(_is_task(each) for _, each, _ in entries):
        for failure in failures:
            found.failed(*failure)
        return entries
    return []


def _is_task(value: Any) -> bool:
    return isinstance(value, dict) and "description" in value and "uuid" in value


def _names(values: Sequence[Any]) -> dict[str, str]:
    """UUID to id: the number that Taskwarrior shows, where a task has one of its own, else the UUID."""
    tasks = [each for each in values if isinstance(each, dict) and isinstance(each.get("uuid"), str)]
    numbers = [each.get("id") for each in tasks]
    count = Counter(each for each in numbers if isinstance(each, int))
    return {
        each["uuid"]: str(number)
        if isinstance(number, int) and number > 0 and count[number] == 1
        else each["uuid"]
        for each, number in zip(tasks, numbers, strict=True)
    }


def _with_names(task: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`task` with ids in place of UUIDs, and a status that says whether it was started."""
    record = dict(task)
    uuid, number = task.get("uuid"), task.get("id")
    if isinstance(uuid, str):
        record[_NAME] = names[uuid]
    elif isinstance(number, int) and number > 0:
        record |= {_NAME: str(number), "uuid": _made(str(number))}
    if record.get(_NAME) == str(number):
        del record["id"]
    needed = task.get("depends")
    if isinstance(needed, str):
        needed = [each for each in needed.split(",") if each]
    if isinstance(needed, list):
        record["depends"] = [names.get(each, each) if isinstance(each, str) else each for each in needed]
    if task.get("status", "pending") == "pending" and task.get("start"):
        record["status"] = _STARTED
    return record


def _write(tasks: Sequence[Carried]) -> list[File]:
    uuids = {each.task.task_id: _uuid(each) for each in tasks}
    records = [_record(each, uuids) for each in tasks]
    return [File("tasks.json", ("[\n" + ",\n".join(map(dumped, records)) + "\n]\n").encode())]


def _uuid(task: Carried) -> str:
    uuid = task.kept.get("uuid")
    return uuid if isinstance(uuid, str) else _made(task.task.task_id)


def _made(name: str) -> str:
    """A UUID for a task that has none; the same for the same id."""
    return str(uuid5(NAMESPACE_URL, f"vtm:{name}"))


def _record(task: Carried, uuids: Mapping[str, str]) -> dict[str, Any]:
    record = write_record(task, _FIELDS)
    name = str(record.pop(_NAME))
    uuid = uuids[name]
    number = (
        {"id": int(name)} if name.isascii() and name.isdigit() and len(name) < 10 and name[0] != "0" else {}
    )
    if "depends" in record:
        record["depends"] = [uuids.get(each, each) for each in record["depends"]]
    status = record["status"]
    if status == _STARTED:
        record |= {"status": "pending", "start": record.get("start", record.get("entry", _EPOCH))}
    elif status == "pending":
        record.pop("start", None)
    elif status == "blocked":
        record["status"] = "waiting"
    return number | record | {"uuid": uuid}


FORMAT = Format(_EXPECTED, "object", _read, _write)
