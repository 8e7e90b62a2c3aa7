"""The answers of the script that VTM users ran before: same values, on the raw statuses of the state file.

The one-function rule does not hold here on purpose: what the script got wrong, this gets wrong too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Document = Mapping[str, Any]
_RISKS = ("High", "Medium", "Low")
_SHOWN = ("task_id", "title", "description", "risk", "phase", "slice")
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


class VtmStatus:
    """What the script computes of a manifest and a state file, both as plain JSON values."""

    def __init__(self, manifest: Document, state: Document) -> None:
        self._tasks: Sequence[Document] = manifest["tasks"]
        self._entries: Mapping[str, Document] = state["tasks"]

    def _status(self, task_id: object) -> object:
        entry = self._entries.get(str(task_id))
        return entry.get("status") if entry is not None else "pending"

    def _missing(self, task: Document) -> list[Any]:
        return [each for each in task.get("depends_on_tasks") or () if self._status(each) != "completed"]

    def _eligible(self) -> list[Document]:
        found = [
            task
            for task in self._tasks
            if self._status(task["task_id"]) == "pending" and not self._missing(task)
        ]
        return sorted(found, key=lambda task: _RISKS.index(task["risk"]) if task["risk"] in _RISKS else 3)

    def _with_status(self, status: str) -> list[str]:
        return [name for name, entry in self._entries.items() if entry.get("status") == status]

    def next(self) -> tuple[Document, int]:
        """`--next`: the first eligible task; exit code 1 where there is none."""
        found = self._eligible()
        if not found:
            return _NOTHING, 1
        task = found[0]
        answer = {name: task.get(name) for name in _SHOWN} | {"size": (task.get("est") or {}).get("size")}
        return answer | {name: task.get(name) or [] for name in _LISTED}, 0

    def blocked(self) -> tuple[Sequence[Document], int]:
        """`--blocked`: tasks that are blocked, or pending with dependencies that are not completed."""
        found: list[Document] = []
        for task in self._tasks:
            status, missing = self._status(task["task_id"]), self._missing(task)
            if status == "blocked" or (status == "pending" and missing):
                reason = self._entries.get(task["task_id"], {}).get("blocked_reason")
                found.append(
                    {
                        "task_id": task["task_id"],
                        "title": task.get("title"),
                        "risk": task.get("risk"),
                        "blocked_reason": reason or "Waiting on dependencies",
                        "missing_dependencies": missing,
                        "status": status,
                    }
                )
        return found, 0

    def dashboard(self) -> tuple[Document, int]:
        """`--dashboard`: progress, the next task and three counts."""
        found = self._eligible()
        completed, total = len(self._with_status("completed")), len(self._tasks)
        following = {name: found[0].get(name) for name in ("task_id", "title", "risk")} if found else None
        return {
            "progress": {"completed": completed, "total": total, "percentage": _percentage(completed, total)},
            "next_task": following,
            "in_progress": len(self._with_status("in-progress")),
            "blocked": len(self._with_status("blocked")),
            "eligible": len(found),
        }, 0

    def status(self) -> tuple[Document, int]:
        """`--status`: by phase and slice, what is left by risk, recently completed, in progress."""
        recent = [(name, self._entries[name].get("completed_at")) for name in self._with_status("completed")]
        recent.sort(key=lambda each: -_moment(each[1]))
        left = [
            task["risk"]
            for task in self._tasks
            if self._status(task["task_id"]) not in {"completed", "abandoned"}
        ]
        return {
            "by_phase": self._by("phase"),
            "by_slice": self._by("slice"),
            "by_risk": {risk: left.count(risk) for risk in _RISKS},
            "recent_completed": [{"task_id": name, "completed_at": at} for name, at in recent[:5]],
            "in_progress_tasks": self._with_status("in-progress"),
        }, 0

    def _by(self, field: str) -> Document:
        found: dict[Any, dict[str, int]] = {}
        for task in self._tasks:
            counts = found.setdefault(task.get(field), {"completed": 0, "total": 0})
            counts["total"] += 1
            counts["completed"] += self._status(task["task_id"]) == "completed"
        return found


def _percentage(part: int, whole: int) -> float:
    """One decimal, halves up, as JavaScript's Math.round does it; an integer where there is no fraction."""
    if not whole:
        return 0
    tenths = (part * 2000 + whole) // (2 * whole)
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def _moment(text: object) -> float:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return float("-inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
