"""The report of a worker, found in whatever text it comes in."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.errors import WrongUsageError
from vtm.model.report import Claim, WorkerReport
from vtm.sources.objects_in_text import Candidate, Search, last_object
from vtm.sources.tolerant import read_status, read_whole

_MARK = b'"task_id"'
_REQUIRED = ("task_id", "status")
_SHOWN = 40
_LISTS = ("acs_completed", "acs_remaining", "files_modified", "blockers")
_RAW = msgspec.json.Encoder(order="sorted")


class Found(NamedTuple):
    """A report.

    Attributes:
        data: As it was written.
        digest: SHA-256 of what it says, however that is written, in hex.
        notices: What is to be known of the text around it, in sentences.
    """

    report: WorkerReport
    data: bytes
    digest: str
    notices: Sequence[str]


def read_report(data: bytes, name: str) -> Found:
    """The last report in a text; `name` is what messages call the text.

    Raises:
        WrongUsageError: There is none; what comes close is named with what it lacks.
    """
    text, notices = readable(data, name)
    search = last_object(text, _report, _MARK)
    if search.found is None:
        raise nothing_fits(
            search, name, "report of a worker", "`vtm schema worker-report` shows what it holds"
        )
    from hashlib import sha256  # noqa: PLC0415  3 ms, only where a report is read

    digest = sha256(_RAW.encode(search.found)).hexdigest()
    return Found(search.found, search.data, digest, [*notices, *_passed_over(search.passed, name)])


def readable(data: bytes, name: str) -> tuple[bytes, list[str]]:
    """`data` as UTF-8, and what there is to say about that."""
    text = data.removeprefix(b"\xef\xbb\xbf")
    whole = text.decode("utf-8", "replace").encode()
    return whole, [] if whole == text else [f"{name} is not all UTF-8; what is not was replaced"]


def nothing_fits(search: Search[Any], name: str, what: str, fix: str) -> WrongUsageError:
    """The error for a text in which nothing is `what` was looked for."""
    tried = [f"the object on line {each.line} {each.problem}" for each in search.passed]
    if search.more:
        tried.insert(0, f"{search.more} more objects are none either")
    return WrongUsageError(
        f"{name} holds no {what}: {'; '.join(tried) or 'there is no JSON object in it'}",
        code="NOT-A-REPORT",
        fix=fix,
    )


def _passed_over(passed: Sequence[Candidate], name: str) -> list[str]:
    return [f"{name}: the object on line {each.line} was passed over: it {each.problem}" for each in passed]


def _report(raw: dict[str, Any]) -> WorkerReport | str:
    """What an object reports; what it lacks, where it is no report."""
    lacking = [key for key in _REQUIRED if raw.get(key) is None]
    if lacking:
        return f"lacks {' and '.join(lacking)}"
    kept = _tolerated(raw)
    if isinstance(kept["status"], str) and kept["status"] not in list(Claim):
        return f"has the status {kept['status'][:_SHOWN]!r}, which is none of {', '.join(Claim)}"
    try:
        report = msgspec.convert(kept, WorkerReport)
    except msgspec.ValidationError as error:
        return f"does not fit: {plain_reason(str(error))}"
    if report.status is Claim.BLOCKED and not report.blockers:
        return "says `blocked` and lacks blockers that say why"
    return report


def plain_reason(said: str) -> str:
    """What a decoder says is wrong, with the path of a value as a user would write it."""
    return re.sub(r"`\$\.?([^`]*)`", r"`\1`", said[:1].lower() + said[1:])


def _tolerated(raw: dict[str, Any]) -> dict[str, Any]:
    """A report with known values in place of their variants; nulls and unknown keys are left out."""
    kept = {key: value for key in WorkerReport.__struct_fields__ if (value := raw.get(key)) is not None}
    kept["status"] = read_status(kept["status"])
    for key in ("epoch", "duration_minutes"):
        if key in kept:
            kept[key] = read_whole(kept[key])
    for key in _LISTS:
        if key in kept and not isinstance(kept[key], list):
            kept[key] = [kept[key]]
    _each(kept, "files_modified", lambda each: each.get("path", each) if isinstance(each, dict) else each)
    _each(kept, "blockers", _blocker)
    kept["blockers"] = [each for each in kept.get("blockers", ()) if each != {"reason": ""}]
    if isinstance(kept.get("test_results"), dict):
        kept["test_results"] = {
            key: read_whole(value) for key, value in kept["test_results"].items() if value is not None
        }
    return kept


def _each(kept: dict[str, Any], key: str, read: Callable[[Any], object]) -> None:
    if key in kept:
        kept[key] = [read(each) for each in kept[key]]


def _blocker(value: Any) -> object:
    """A blocker, which may be a text alone."""
    if isinstance(value, str):
        return {"reason": value.strip()}
    if isinstance(value, dict):
        return {key: each.strip() if isinstance(each, str) else each for key, each in value.items() if each}
    return value
