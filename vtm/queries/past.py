"""What has happened to a task, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from vtm.model.state import TaskState
from vtm.model.status import Status


class History(Struct, frozen=True):
    """What has happened to a task; moments in ISO 8601, empty where it has not come to that.

    Attributes:
        obstacle: Why it is blocked.
        minutes: From start to completion; None: it is not completed.
    """

    status: str
    epoch: int
    owner: str
    started: str
    completed: str
    minutes: int | None
    attempts: Sequence[str]
    obstacle: str
    notes: str
    evidence: str


def history(state: TaskState) -> History:
    """What has happened to a task, in words."""
    return History(
        status=state.status.value,
        epoch=state.epoch,
        owner=state.owner,
        started=_moment(state.started_at),
        completed=_moment(state.completed_at),
        minutes=_minutes(state),
        attempts=[each.text for each in state.attempts],
        obstacle=state.obstacle if state.status in {Status.BLOCKED, Status.ABANDONED} else "",
        notes=state.notes,
        evidence=_evidence(state),
    )


def _moment(at: datetime | None) -> str:
    return at.isoformat().replace("+00:00", "Z") if at else ""


def _minutes(state: TaskState) -> int | None:
    if state.started_at is None or state.completed_at is None:
        return None
    return round((state.completed_at - state.started_at).total_seconds() / 60)


def _evidence(state: TaskState) -> str:
    if state.evidence is None:
        return ""
    shown: Mapping[str, object] = {
        "tests passed": state.evidence.tests_passed,
        "exit code": state.evidence.exit_code,
        "command": state.evidence.command,
        "commit": state.evidence.commit,
    }
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value is not None)
