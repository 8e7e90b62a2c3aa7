"""Beads: a JSONL file with one issue on each line.

Source: `Issue` and `Dependency` in internal/types of https://github.com/steveyegge/beads.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from vtm.exchange.carried import Carried
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.json_text import NoJsonError, dumped, parsed, too_deep
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, read_record, write_record
from vtm.exchange.values import NAMED, Statuses, as_it_is, checks_as_text, checks_of, iso, moment, text, texts
from vtm.model.status import Status

_EXPECTED = "a JSONL file with an object on each line that has an id, such as .beads/issues.jsonl"
_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
_BLOCKS = "vtm:blocks"
_STATUSES = Statuses(
    {
        "open": Status.PENDING,
        "in-progress": Status.IN_PROGRESS,
        "hooked": Status.IN_PROGRESS,
        "blocked": Status.BLOCKED,
        "deferred": Status.BLOCKED,
        "pinned": Status.BLOCKED,
        "closed": Status.COMPLETED,
        "tombstone": Status.ABANDONED,
    },
    lambda word: word.replace("-", "_"),
)
_FIELDS = (
    *NAMED,
    _STATUSES.field("status"),
    Field("acceptance_criteria", "checks", checks_of, checks_as_text),
    Field("notes", "notes", text, as_it_is),
    Field("started_at", "started_at", moment, iso),
    Field("closed_at", "completed_at", moment, iso),
    Field(_BLOCKS, "depends_on_tasks", texts, list),
)


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    lines = [
        (at, line.strip())
        for at, line in enumerate(files[0].data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1)
    ]
    lines = [(at, line) for at, line in lines if line]
    likely = not lines
    for number, line in lines:
        if line.startswith(_MARKERS):
            found.failed(number, "", "is a conflict marker of git")
            continue
        try:
            value, doubts = parsed(line)
        except NoJsonError as error:
            found.failed(number, "", str(error), number, error.column)
            likely = likely or (line.startswith(b"{") and line != b"{")
            continue
        if not isinstance(value, dict) or too_deep(value):
            found.failed(
                number, "", "is nested too deeply" if isinstance(value, dict) else "is not an object"
            )
            continue
        task, more = read_record(_with_blocks(value), _FIELDS)
        found.took(number, "", task, [*doubts, *more])
        likely = likely or "id" in value
    if not likely:
        raise WrongFormatError.because(files[0].name, "is not a beads export", _EXPECTED)
    return found


def _with_blocks(issue: Mapping[str, Any]) -> dict[str, Any]:
    """`issue` with the ids that block it in a field of their own; what else its dependencies say is kept."""
    given = issue.get("dependencies")
    if not isinstance(given, list):
        return dict(issue)
    blocks = [each["depends_on_id"] for each in given if _blocks(each)]
    rest = {key: value for key, value in issue.items() if key != "dependencies"}
    if given != [_dependency(str(issue.get("id")), each) for each in blocks]:
        rest["dependencies"] = given
    return rest | {_BLOCKS: blocks}


def _dependency(issue_id: str, needed: str) -> dict[str, str]:
    return {"issue_id": issue_id, "depends_on_id": needed, "type": "blocks"}


def _blocks(dependency: Any) -> bool:
    """Whether one issue waits for the other; without a type it does."""
    if not isinstance(dependency, dict) or not isinstance(dependency.get("depends_on_id"), str):
        return False
    return bool(dependency.get("type", "blocks") == "blocks")


def _write(tasks: Sequence[Carried]) -> list[File]:
    return [File("issues.jsonl", "".join(f"{dumped(_issue(each))}\n" for each in tasks).encode())]


def _issue(task: Carried) -> dict[str, Any]:
    issue = write_record(task, _FIELDS)
    left = dict.fromkeys(issue.pop(_BLOCKS, []))
    dependencies = []
    given = issue.pop("dependencies", [])
    for each in given if isinstance(given, list) else []:
        if not _blocks(each) or each["depends_on_id"] in left:
            dependencies.append(each)
            left.pop(each["depends_on_id"] if _blocks(each) else None, None)
    dependencies += [_dependency(task.task.task_id, each) for each in left]
    return issue | ({"dependencies": dependencies} if dependencies else {})


FORMAT = Format(_EXPECTED, "line", _read, _write)
