"""The answers of the script that VTM users ran before: same values, on the raw statuses of the state file.

The one-function rule does not hold here on purpose: what the script got wrong, this gets wrong too. It was
written in JavaScript, so absent fields are left out, and null, 0 and empty text count as no value.

Source: vtm-status.mjs of the project that VTM comes from.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from math import nan
from typing import Any

Document = Mapping[str, Any]
_RISKS = ("High", "Medium", "Low")
_LISTED = (
    "acceptance_criteria",
    "depends_on_tasks",
    "related_specs",
    "related_adrs",
    "related_guides",
    "test_verification",
)
_NOTHING = {
    "error": "No eligible tasks",
    "reason": "All tasks are either completed, in-progress, blocked, or waiting on dependencies",
}
_PAST_INDICES = 2**32 - 1
_LAST_MOMENT = 8.64e15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class VtmStatus:
    """What the script computes of a manifest and a state file, both as plain JSON values."""

    def __init__(self, manifest: Document, state: Document) -> None:
        self._tasks: Sequence[Document] = _or(manifest.get("tasks"), [])
        entries: Mapping[str, Any] = _or(state.get("tasks"), {})
        self._entries = {name: entries[name] for name in sorted(entries, key=_key_order)}
        self._completed = set(self._with_status("completed"))

    def _entry(self, task: Document) -> Any:
        return self._entries.get(_named(task, "task_id"))

    def _missing(self, task: Document) -> list[Any]:
        return [
            each
            for each in _or(task.get("depends_on_tasks"), [])
            if not isinstance(each, str) or each not in self._completed
        ]

    def _is_unstarted(self, task: Document) -> bool:
        entry = self._entry(task)
        return _or(entry, None) is None or _field(entry, "status") == "pending"

    def _eligible(self) -> list[Document]:
        found = [task for task in self._tasks if self._is_unstarted(task) and not self._missing(task)]
        return sorted(found, key=_rank)

    def _with_status(self, status: str) -> list[str]:
        return [name for name, entry in self._entries.items() if _field(entry, "status") == status]

    def next(self) -> tuple[Document, int]:
        """`--next`: the first eligible task; exit code 1 where there is none."""
        found = self._eligible()
        if not found:
            return _NOTHING, 1
        task = found[0]
        answer = _present(task, "task_id", "title")
        answer |= {"description": _or(task.get("description"), "")}
        answer |= _present(task, "risk", "phase", "slice")
        answer |= {"size": _or(_field(task.get("est"), "size"), "M")}
        return answer | {name: _or(task.get(name), []) for name in _LISTED}, 0

    def blocked(self) -> tuple[Sequence[Document], int]:
        """`--blocked`: tasks that are blocked, or pending with dependencies that are not completed."""
        found: list[Document] = []
        for task in self._tasks:
            entry, missing = self._entry(task), self._missing(task)
            if _field(entry, "status") == "blocked" or (self._is_unstarted(task) and missing):
                found.append(
                    {
                        **_present(task, "task_id", "title", "risk"),
                        "blocked_reason": _or(_field(entry, "blocked_reason"), "Waiting on dependencies"),
                        "missing_dependencies": missing,
                        "status": _or(_field(entry, "status"), "pending"),
                    }
                )
        return found, 0

    def dashboard(self) -> tuple[Document, int]:
        """`--dashboard`: progress, the next task and three counts."""
        found = self._eligible()
        completed, total = len(self._completed), len(self._tasks)
        return {
            "progress": {"completed": completed, "total": total, "percentage": _percentage(completed, total)},
            "next_task": _present(found[0], "task_id", "title", "risk") if found else None,
            "in_progress": len(self._with_status("in-progress")),
            "blocked": len(self._with_status("blocked")),
            "eligible": len(found),
        }, 0

    def status(self) -> tuple[Document, int]:
        """`--status`: by phase and slice, what is left by risk, recently completed, in progress."""
        done = [(name, self._entries[name].get("completed_at")) for name in self._with_status("completed")]
        recent = [(name, at) for name, at in done if _or(at, None) is not None]
        recent.sort(key=cmp_to_key(_latest_first))
        left = dict.fromkeys(_RISKS, 0)
        for task in self._tasks:
            if _or(_field(self._entry(task), "status"), "pending") not in {"completed", "abandoned"}:
                risk = _named(task, "risk")
                left[risk] = left.get(risk, 0) + 1
        return {
            "by_phase": self._by("phase"),
            "by_slice": self._by("slice"),
            "by_risk": left,
            "recent_completed": [{"task_id": name, "completed_at": at} for name, at in recent[:5]],
            "in_progress_tasks": self._with_status("in-progress"),
        }, 0

    def _by(self, field: str) -> Document:
        found: dict[str, dict[str, int]] = {}
        for task in self._tasks:
            counts = found.setdefault(_named(task, field), {"completed": 0, "total": 0})
            counts["total"] += 1
            counts["completed"] += _field(self._entry(task), "status") == "completed"
        return found


def _or(value: Any, default: Any) -> Any:
    """`value || default`."""
    nothing = value is None or (isinstance(value, bool | int | float | str) and not value)
    return default if nothing else value


def _field(value: object, name: str) -> Any:
    """`value?.name`; only objects have fields."""
    return value.get(name) if isinstance(value, dict) else None


def _present(task: Document, *names: str) -> dict[str, Any]:
    return {name: task[name] for name in names if name in task}


def _named(task: Document, field: str) -> str:
    """A field's value as the name of another field."""
    value = task.get(field, "undefined")
    return "null" if value is None else str(value)


def _rank(task: Document) -> int:
    risk = task.get("risk")
    return _RISKS.index(risk) if risk in _RISKS else len(_RISKS)


def _key_order(name: str) -> int:
    """Objects list keys that are indices first, by their value, then all others as they stand."""
    index = name.isascii() and name.isdecimal() and (name == "0" or name[0] != "0")
    return min(int(name), _PAST_INDICES) if index and len(name) <= 10 else _PAST_INDICES


def _percentage(part: int, whole: int) -> float:
    """`toFixed(1)`: the binary fraction to one decimal, exactly, halves up; an integer where it is one."""
    numerator, denominator = (part / whole * 100 if whole else 0.0).as_integer_ratio()
    tenths = (20 * numerator + denominator) // (2 * denominator)
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def _latest_first(left: tuple[str, Any], right: tuple[str, Any]) -> int:
    """How `sort` compares: a date that cannot be read equals every other."""
    before, after = _moment(left[1]), _moment(right[1])
    return (after > before) - (after < before)


def _moment(value: Any) -> float:
    """`new Date(value)` in milliseconds; a time without an offset is taken as UTC."""
    if isinstance(value, int | float):
        return value if abs(value) <= _LAST_MOMENT else nan
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return nan
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
