"""How far each phase is."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from vtm.model.backlog import Backlog
from vtm.model.gate_settings import TOO_LONG, Gate
from vtm.model.phase_gate import Gated, GateRun, Outcome, Side, lines_of
from vtm.model.status import Status
from vtm.model.task import Task

_OVER = {Status.COMPLETED, Status.ABANDONED}
Runs = Mapping[tuple[str, Side], GateRun]


class Progress(NamedTuple):
    """A phase and its tasks, as declared."""

    phase: str
    tasks: Sequence[Task]


def phases(backlog: Backlog) -> list[Progress]:
    """The phases in the order in which the backlog first names them."""
    found: dict[str, list[Task]] = {}
    for task in backlog.tasks:
        found.setdefault(task.phase, []).append(task)
    return [Progress(phase, tasks) for phase, tasks in found.items()]


def is_over(backlog: Backlog, tasks: Sequence[Task]) -> bool:
    """Whether nothing of `tasks` is left to do."""
    return all(backlog.status(task.task_id) in _OVER for task in tasks)


def gated(
    backlog: Backlog,
    progress: Progress,
    side: Side,
    gate: Gate,
    runs: Runs,
    merged: Callable[[], frozenset[str]],
) -> Gated:
    """How the gate at one border of a phase stands.

    What ran with other commands counts for nothing, and neither does what ran before a task was begun anew.
    `merged` gives those recorded commits that are on main, and is asked only where it matters.
    """
    phase = progress.phase
    commands = gate.of_phase(before=side is Side.BEFORE)
    if not commands:
        return Gated(phase, side, Outcome.UNSET)
    last = runs.get((phase, side))
    if last is not None and (last.commands, last.work) != (lines_of(commands), work(backlog, progress, side)):
        last = None
    if side is Side.AFTER:
        waits = _left(backlog, progress.tasks)
        if not waits and not (last and last.passed):
            waits = _unmerged(backlog, progress.tasks, merged())
        if waits:
            return Gated(phase, side, Outcome.WAITING, reason=waits, last=last)
    if last is None:
        return Gated(phase, side, Outcome.DUE)
    outcome = Outcome.PASSED if last.passed else Outcome.FAILED
    return Gated(phase, side, outcome, reason=failure(last), last=last)


def work(backlog: Backlog, progress: Progress, side: Side) -> int:
    """What a gate judges, as a number that is another one when a task was begun anew."""
    entries = (backlog.state_of(task) for task in progress.tasks)
    return sum(entry.epoch for entry in entries) if side is Side.AFTER else 0


def failure(run: GateRun) -> str:
    """How a gate failed, as a sentence; empty: it passed."""
    if run.passed:
        return ""
    how = f"ended with exit code {run.exit_code}"
    if run.exit_code == TOO_LONG:
        how += ", as what takes longer than `[run] timeout` does"
    return f"`{run.command}` {run.side} {run.phase} {how}"


def _left(backlog: Backlog, tasks: Sequence[Task]) -> str:
    """What of a phase is left to do; empty: nothing."""
    left = [task.task_id for task in tasks if backlog.status(task.task_id) not in _OVER]
    if not left:
        return ""
    return f"{left[0]} is {backlog.status(left[0])}" + (f", and {len(left) - 1} more" if left[1:] else "")


def _unmerged(backlog: Backlog, tasks: Sequence[Task], merged: frozenset[str]) -> str:
    """What of a phase is done and not on main; empty: nothing."""
    for task in tasks:
        evidence = backlog.state_of(task).evidence
        done = backlog.status(task.task_id) is Status.COMPLETED
        if done and evidence is not None and evidence.commit and evidence.commit not in merged:
            return f"the work of {task.task_id} is not on main"
    return ""
