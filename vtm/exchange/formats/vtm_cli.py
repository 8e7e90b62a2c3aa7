"""vtm-cli: its `vtm.json`.

Source: `VTM` and `Task` in src/lib/types.ts of https://github.com/nathanvale/vtm-cli.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from vtm.exchange.carried import Carried, Check
from vtm.exchange.documents import HEAD, document, finish, take
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.json_text import dumped
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, UnfitError, write_record
from vtm.exchange.values import NAMED, Statuses, iso, moment, risk, text, texts
from vtm.model.status import Status
from vtm.model.task import Texts

_EXPECTED = "a vtm.json of vtm-cli: an object with a list `tasks`, whose ids are texts such as TASK-001"
_CRITERIA, _VERIFIED = "acceptance_criteria", "ac_verified"
_KINDS = ("create", "modify", "delete")
_STATUSES = Statuses(
    {
        "pending": Status.PENDING,
        "in-progress": Status.IN_PROGRESS,
        "blocked": Status.BLOCKED,
        "completed": Status.COMPLETED,
    }
)


def _one(raw: Any) -> Texts:
    return (raw,) if text(raw) else ()


def _paths(raw: Any) -> Texts:
    if not isinstance(raw, dict) or set(raw) - set(_KINDS):
        raise UnfitError("is not an object with create, modify and delete")
    return tuple(dict.fromkeys(each for kind in _KINDS for each in texts(raw.get(kind))))


def _checks(raw: Any) -> tuple[Check, ...]:
    if not isinstance(raw, tuple):
        raise UnfitError("is not a list of texts")
    return raw


_FIELDS = (
    *NAMED,
    _STATUSES.field("status"),
    Field("dependencies", "depends_on_tasks", texts, list, always=True),
    Field(_CRITERIA, "checks", _checks, tuple, always=True),
    Field("adr_source", "related_adrs", _one, "".join),
    Field("spec_source", "related_specs", _one, "".join),
    Field("risk", "risk", risk, lambda value: value.casefold(), always=True),
    Field("files", "file_scope", _paths, lambda value: {"create": [], "modify": list(value), "delete": []}),
    Field("started_at", "started_at", moment, iso),
    Field("completed_at", "completed_at", moment, iso),
)


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    value, doubts = document(files[0], _EXPECTED)
    if value is None:
        return found
    tasks = value.get("tasks") if isinstance(value, dict) else None
    if not isinstance(tasks, list) or (tasks and not any(map(_is_task, tasks))):
        raise WrongFormatError.because(files[0].name, "is not a vtm.json", _EXPECTED)
    for number, each in enumerate(tasks, 1):
        take(found, number, "", _with_verified(each) if isinstance(each, dict) else each, _FIELDS)
    head = {key: each for key, each in value.items() if key != "tasks"}
    finish(found, head | ({"stats": {}} if "stats" in head else {}), doubts)
    return found


def _is_task(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def _with_verified(task: Mapping[str, Any]) -> dict[str, Any]:
    """`task` with each criterion beside whether it was verified."""
    validation = task.get("validation")
    verified = validation.get(_VERIFIED) if isinstance(validation, dict) else None
    criteria = task.get(_CRITERIA)
    if not isinstance(criteria, list) or not all(isinstance(each, str) for each in criteria):
        return dict(task)
    met = verified if isinstance(verified, list) else []
    return {**task, _CRITERIA: tuple(Check(each, each in met) for each in criteria)}


def _write(tasks: Sequence[Carried]) -> list[File]:
    heads = [each.kept[HEAD] for each in tasks if isinstance(each.kept.get(HEAD), dict)]
    head = (
        heads[0] if heads else {"version": "1.0.0", "project": {"name": "", "description": ""}, "stats": {}}
    )
    if "stats" in head:
        head = head | {"stats": _stats(tasks)}
    records = [_task(each) for each in tasks]
    return [File("vtm.json", (dumped(head | {"tasks": records}, indent=2) + "\n").encode())]


def _stats(tasks: Sequence[Carried]) -> dict[str, int]:
    count = Counter(_STATUSES.write(each.state.status) for each in tasks)
    names = ("completed", "in-progress", "pending", "blocked")
    return {"total_tasks": len(tasks)} | {name.replace("-", "_"): count[name] for name in names}


def _task(task: Carried) -> dict[str, Any]:
    record = write_record(task, _FIELDS)
    if isinstance(record[_CRITERIA], tuple):
        record[_CRITERIA] = [each.text for each in task.checks]
    met = [each.text for each in task.checks if each.met]
    validation = record.get("validation")
    known = validation if isinstance(validation, dict) else {}
    before = known.get(_VERIFIED)
    if met or known:
        others = (
            [each for each in before if each not in record[_CRITERIA]] if isinstance(before, list) else []
        )
        same = isinstance(before, list) and {*map(repr, before)} == {*map(repr, [*met, *others])}
        verified = before if same else [*met, *others]
        record["validation"] = known | ({_VERIFIED: verified} if verified or before is not None else {})
    return record


FORMAT = Format(_EXPECTED, "object", _read, _write)
