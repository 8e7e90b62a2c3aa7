"""A task as somebody asks for it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.status import RISK_OF_GRADE, Grade, Impact, Scope
from vtm.model.task import TaskId
from vtm.sources.decoder import convert


class Wanted(NamedTuple):
    """A task as somebody asks for it; None and what is empty is left out of what is written.

    Attributes:
        title_key: What a task file is to call the title: other tools want `name`.
    """

    task_id: str
    title: str
    depends_on: Sequence[str] = ()
    scope: Scope | None = None
    risk: Grade | None = None
    impact: Impact | None = None
    phase: str | None = None
    slice: str | None = None
    criteria: Sequence[str] = ()
    title_key: str = "title"

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of a manifest that declares it; its criteria have no ids yet."""
        grade = self.risk if self.risk in {Grade.TRIVIAL, Grade.CRITICAL} else None
        fields = {
            "task_id": self.task_id,
            "phase": self.phase,
            "slice": self.slice,
            "title": self.title,
            "acceptance_criteria": list(self.criteria),
            "risk": RISK_OF_GRADE[self.risk] if self.risk else None,
            "depends_on_tasks": list(dict.fromkeys(self.depends_on)),
            "grade": grade,
            "scope": self.scope,
            "impact": self.impact,
        }
        always = {"acceptance_criteria", "depends_on_tasks"}
        return {key: value for key, value in fields.items() if value or key in always}

    @property
    def entry_of_file(self) -> dict[str, Any]:
        """The same for a task file, in which a criterion is one line and has a short id."""
        lines = enumerate((" ".join(each.split()) for each in self.criteria), 1)
        return self.entry | {
            "acceptance_criteria": [{"id": f"AC{at:02}", "text": each} for at, each in lines]
        }


def refuse_no_id(task_id: str) -> None:
    """Let only an id pass.

    Raises:
        WrongUsageError: It is none.
    """
    if convert(task_id, TaskId) is None or not task_id.strip() or not _is_utf8(task_id):
        raise WrongUsageError(
            f"{task_id[:80]!r} cannot be the id of a task",
            code="NOT-AN-ID",
            fix="write one that is not empty and holds no control characters",
        )


def refuse_known(task_id: str, backlog: Backlog) -> None:
    """Let only an id pass that no task has.

    Raises:
        WrongUsageError: One has it.
    """
    if task_id in backlog:
        raise known(task_id, backlog.at(backlog[task_id]).path)


def known(task_id: str, path: str) -> WrongUsageError:
    """The error of an id that is taken, by what is in the file `path`."""
    return WrongUsageError(
        f"there is a task {task_id} already", code="TASK-EXISTS", path=path, fix="choose another id"
    )


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
