"""A task on its way from another tool, or to one."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Criterion, Estimate, Task

AS_WRITTEN = "vtm:written"
"""In what is kept of a task: values that have a place, but that vtm would spell in another way."""

Values = dict[str, Any]
"""What is known of a task by the names of attributes, see `Carried.value`."""

_ID = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CRITERION = "{}-AC{:02}"
_OF_TASK = frozenset(Task.__struct_fields__)
_OF_STATE = frozenset(TaskState.__struct_fields__)


class Check(NamedTuple):
    """An acceptance criterion and whether it is met."""

    text: str
    met: bool


class Carried(NamedTuple):
    """A task, where it stands, and what its format says of it that vtm has no place for.

    Attributes:
        kept: By the names of the format; values are those that JSON can hold.
    """

    task: Task
    state: TaskState
    kept: Mapping[str, Any]

    @property
    def checks(self) -> tuple[Check, ...]:
        """The acceptance criteria."""
        met = set(self.state.acs_completed)
        return tuple(Check(each.text, each.id in met) for each in self.task.acceptance_criteria)

    def value(self, attribute: str) -> Any:
        """An attribute of the task or its state; `size` and `checks` are two of their own."""
        if attribute in {"checks", "size"}:
            return self.checks if attribute == "checks" else self.task.size
        return getattr(self.task if attribute in _OF_TASK else self.state, attribute)

    def as_written(self, key: str) -> Any:
        """The spelling of a value that was kept; None: there is none."""
        kept = self.kept.get(AS_WRITTEN)
        return kept.get(key) if isinstance(kept, dict) else None

    def prefixed(self, prefix: str, others: frozenset[str]) -> "Carried":
        """The same task with `prefix` in front of its id, and of those of `others` it depends on."""
        name = prefix + self.task.task_id
        needs = tuple(prefix + each if each in others else each for each in self.task.depends_on_tasks)
        task = replace(self.task, task_id=name, depends_on_tasks=needs)
        values = {"task_id": name, "checks": self.checks}
        named = carried(values, {})
        return Carried(
            replace(task, acceptance_criteria=named.task.acceptance_criteria),
            replace(self.state, acs_completed=named.state.acs_completed),
            self.kept,
        )

    def with_gap(self, gap: str) -> "Carried":
        """The same task; where it has no spec, and no gap code that says why, `gap` says it."""
        if self.task.related_specs or self.task.gap_codes:
            return self
        return self._replace(task=replace(self.task, gap_codes=(gap,)))

    def without_gap(self, gap: str) -> "Carried":
        """The same task as it was before `with_gap`."""
        if self.task.gap_codes != (gap,):
            return self
        return self._replace(task=replace(self.task, gap_codes=()))

    def entry(self, key: str) -> dict[str, Any]:
        """The task as a manifest declares it; `key` holds what is kept."""
        task = self.task
        always = ("task_id", "title", "acceptance_criteria", "depends_on_tasks")
        declared = {
            name: getattr(task, name)
            for name, default in _DEFAULTS.items()
            if name in always or getattr(task, name) != default
        }
        entry: dict[str, Any] = msgspec.to_builtins(declared)
        return entry | ({key: dict(self.kept)} if self.kept else {})


def carried(values: Values, kept: Mapping[str, Any]) -> Carried:
    """The task with these attributes; an id must be among them. Criteria are named after the task."""
    name = values["task_id"]
    checks = values.get("checks", ())
    criteria = [Criterion(_CRITERION.format(name, at), each.text) for at, each in enumerate(checks, 1)]
    met = tuple(criterion.id for criterion, each in zip(criteria, checks, strict=True) if each.met)
    task = {key: value for key, value in values.items() if key in _OF_TASK}
    state = {key: value for key, value in values.items() if key in _OF_STATE}
    if values.get("size"):
        task["est"] = Estimate(values["size"])
    return Carried(
        Task(**task, acceptance_criteria=tuple(criteria)), TaskState(**state, acs_completed=met), kept
    )


def is_id(value: object) -> bool:
    """Whether `value` can be the id of a task."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def is_default(attribute: str, value: Any) -> bool:
    """Whether `value` says nothing of a task."""
    return bool(value == _EMPTY.value(attribute)) or value in ("", ())


_EMPTY = carried({"task_id": "-", "status": Status.PENDING}, {})
_DEFAULTS = {name: getattr(_EMPTY.task, name) for name in Task.__struct_fields__}
