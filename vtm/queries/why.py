"""What keeps one task from starting."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.readiness import UNKNOWN, Readiness
from vtm.graph.roots import Cause, Root, roots_of_stuck
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.rules.wording import listed

_NAMED = 5
_IN_THE_TREE = ("BLOCKED::DEPENDENCY-NOT-DONE", "BLOCKED::PROVISIONAL-HELD")
"""Gates whose reasons the tree shows."""


_HELD = "provisional; the High tasks that hold it back are shown further up"


class Reason(Struct, frozen=True):
    """One step on the way from a task down to what it waits for.

    Attributes:
        depth: 0 for the task itself.
        status: `unknown` where no task has this id.
        because: What it is to the step above: `dependency`, or `provisional` for a High task that holds it;
            `asked` for the task itself.
        eligible: Whether it could be taken up now.
        repeated: Whether what is below it was already shown further up.
        note: Why it is blocked, or where to look for what is not repeated here.
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
            blocked and abandoned tasks, unknown ids; then one member of each cycle. The task itself is among
            them if it is blocked or on a cycle.
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
    startable = climb.tree[0].eligible and not held
    summary = f"{task.task_id} can start now" if startable else _summary(task, status, acts, roots, held)
    return Why(task.task_id, status, startable, summary, acts, climb.tree, roots, held)


class _Climb:
    """Goes from a task down to what it waits for, without recursion, opening each task once.

    The High tasks that hold what is provisional are the same for all, so they are shown once too.
    """

    def __init__(self, backlog: Backlog, readiness: Readiness) -> None:
        self._backlog = backlog
        self._readiness = readiness
        self._eligible = {task.task_id for task in readiness.eligible}
        self._stuck = {task.task_id for task in readiness.stuck}
        self._rule_shown = False
        self.tree: list[Reason] = []
        self.acts: list[str] = []
        self.stuck: list[Task] = []

    def down(self, task: Task) -> None:
        opened: dict[str, bool] = {}
        work = [(task.task_id, 0, "asked")]
        while work:
            name, depth, because = work.pop()
            if name in opened:
                self.tree.append(self._reason(name, depth, because, repeated=opened[name]))
                continue
            below, note = self._below(name)
            opened[name] = bool(below or note)
            self.tree.append(self._reason(name, depth, because, note=note))
            self._collect(name, leaf=bool(depth) and not opened[name])
            work.extend((each, depth + 1, kind) for each, kind in reversed(below))

    def _collect(self, name: str, *, leaf: bool) -> None:
        if leaf or self._readiness.statuses.get(name) is Status.BLOCKED:
            self.acts.append(name)
        if name in self._stuck:
            self.stuck.append(self._backlog[name])

    def _below(self, name: str) -> tuple[list[tuple[str, str]], str]:
        """What a task waits for, and a note if that is not all; nothing for one that waits for nothing."""
        status = self._readiness.statuses.get(name)
        if name in self._eligible or status not in {Status.PENDING, Status.BLOCKED}:
            return [], ""
        task = self._backlog[name]
        found = [(each.task_id, "dependency") for each in self._readiness.unmet(task)]
        holders = self._readiness.held_by(task)
        if holders and self._rule_shown:
            return found, _HELD
        self._rule_shown = self._rule_shown or bool(holders)
        return found + [(each.task_id, "provisional") for each in holders], ""

    def _reason(
        self, name: str, depth: int, because: str, *, repeated: bool = False, note: str = ""
    ) -> Reason:
        status = self._readiness.statuses.get(name)
        if status is Status.BLOCKED:
            reason = self._backlog.state_of(self._backlog[name]).obstacle
            note = "; ".join(each for each in (reason, note) if each)
        shown = UNKNOWN if status is None else status.value
        return Reason(name, depth, shown, because, name in self._eligible, repeated, note)


def _summary(
    task: Task, status: Status, acts: Sequence[str], roots: Sequence[Root], held: Sequence[Finding]
) -> str:
    cycles = {root.tasks[0] for root in roots if root.cause is Cause.CYCLE}
    things = [
        f"the cycle through {each}" if each in cycles else each
        for each in acts
        if each in cycles or each != task.task_id
    ]
    reasons = []
    if status is Status.BLOCKED:
        reasons.append("its status is blocked")
    if things:
        reasons.append(f"it waits for {listed(things[:_NAMED], len(things))}")
    if held:
        reasons.append("it is held by " + ", ".join(dict.fromkeys(each.code for each in held)))
    return f"{task.task_id} cannot start: {', and '.join(reasons)}"
