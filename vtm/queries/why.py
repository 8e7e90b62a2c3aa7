"""What keeps one task from starting."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.readiness import UNKNOWN, Readiness
from vtm.graph.roots import Root, roots_of_stuck
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import Status
from vtm.model.task import Task

_IN_THE_TREE = ("BLOCKED::DEPENDENCY-NOT-DONE", "BLOCKED::PROVISIONAL-HELD")
"""Gates whose reasons the tree shows."""


class Reason(Struct, frozen=True):
    """One step on the way from a task down to what it waits for.

    Attributes:
        depth: 0 for the task itself.
        status: `unknown` where no task has this id.
        because: What it is to the step above: `dependency`, or `provisional` for a High task that holds it.
        eligible: Whether it could be taken up now.
        repeated: Whether what is below it was already shown further up.
    """

    task_id: str
    depth: int
    status: str
    because: str
    eligible: bool = False
    repeated: bool = False
    note: str = ""


class Why(Struct, frozen=True, tag_field="schema", tag="vtm.why/1"):
    """Why a task cannot start.

    Attributes:
        startable: Whether nothing keeps it from starting.
        summary: One sentence.
        acts: The smallest set of tasks and ids to act on, in the order of the tree: eligible, in-progress,
            blocked and abandoned tasks, unknown ids, and one member of each cycle.
        tree: Depth first, each task opened once.
        roots: What can never happen as things are: abandoned tasks, unknown ids, cycles.
        findings: What else keeps it from starting: findings of its own and gates.
    """

    task_id: str
    status: Status
    startable: bool
    summary: str
    acts: Sequence[str]
    tree: Sequence[Reason]
    roots: Sequence[Root]
    findings: Sequence[Finding]


def why(backlog: Backlog, readiness: Readiness, task: Task, findings: Sequence[Finding]) -> Why:
    """What keeps `task` from starting; `findings` are those that do, gates included."""
    status = readiness.statuses[task.task_id]
    if status not in {Status.PENDING, Status.BLOCKED}:
        return Why(task.task_id, status, False, f"{task.task_id} is {status}", (), (), (), ())
    climb = _Climb(backlog, readiness)
    climb.down(task)
    roots = roots_of_stuck(readiness, climb.stuck)
    acts = list(dict.fromkeys([*climb.acts, *(root.tasks[0] for root in roots)]))
    held = [each for each in findings if each.blocking and not each.code.startswith(_IN_THE_TREE)]
    startable = status is Status.PENDING and task in readiness.eligible and not held
    summary = _summary(task, status, acts, held, startable=startable)
    return Why(task.task_id, status, startable, summary, acts, climb.tree, roots, held)


class _Climb:
    """Goes from a task down to what it waits for, without recursion, opening each task once."""

    def __init__(self, backlog: Backlog, readiness: Readiness) -> None:
        self._backlog = backlog
        self._readiness = readiness
        self._eligible = {task.task_id for task in readiness.eligible}
        self._stuck = {task.task_id for task in readiness.stuck}
        self.tree: list[Reason] = []
        self.acts: list[str] = []
        self.stuck: list[Task] = []

    def down(self, task: Task) -> None:
        opened: set[str] = set()
        work = [(task.task_id, 0, "asked")]
        while work:
            name, depth, because = work.pop()
            below = [] if name in opened else self._below(name)
            self.tree.append(self._reason(name, depth, because, repeated=name in opened))
            if name not in opened and depth and not below:
                self.acts.append(name)
            if name in self._stuck and name not in opened:
                self.stuck.append(self._backlog[name])
            opened.add(name)
            work.extend((each, depth + 1, kind) for each, kind in reversed(below))

    def _below(self, name: str) -> list[tuple[str, str]]:
        """What a task waits for; nothing for one that is not pending or could be taken up."""
        status = self._readiness.statuses.get(name)
        if status is None or name in self._eligible or status not in {Status.PENDING, Status.BLOCKED}:
            return []
        task = self._backlog[name]
        found = [(each.task_id, "dependency") for each in self._readiness.unmet(task)]
        return found + [(each.task_id, "provisional") for each in self._readiness.held_by(task)]

    def _reason(self, name: str, depth: int, because: str, *, repeated: bool) -> Reason:
        status = self._readiness.statuses.get(name)
        note = self._backlog.state_of(self._backlog[name]).blocked_reason if status is Status.BLOCKED else ""
        shown = UNKNOWN if status is None else status.value
        leaf = not self._below(name)
        return Reason(name, depth, shown, because, name in self._eligible, repeated and not leaf, note)


def _summary(
    task: Task, status: Status, acts: Sequence[str], held: Sequence[Finding], *, startable: bool
) -> str:
    if startable:
        return f"{task.task_id} can start now"
    reasons = []
    if status is Status.BLOCKED:
        reasons.append("its status is blocked")
    if acts:
        shown = ", ".join(acts[:5]) + (f" and {len(acts) - 5} more" if len(acts) > 5 else "")
        reasons.append(f"it waits for {shown}")
    if held:
        reasons.append("it is held by " + ", ".join(dict.fromkeys(each.code for each in held)))
    return f"{task.task_id} cannot start: {', and '.join(reasons)}"
