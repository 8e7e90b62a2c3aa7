"""Waves of tasks of a batch that are to be launched, with what launches them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from vtm.graph.compatibility import declared_conflicts, runs_alone
from vtm.graph.jobs import Job
from vtm.graph.readiness import Readiness
from vtm.graph.schedule import schedule
from vtm.model.backlog import Backlog
from vtm.model.batch import Mark
from vtm.model.finding import Finding
from vtm.model.grades import graded
from vtm.model.lease import Lease
from vtm.model.settings import Settings
from vtm.model.status import RISK_RANK, Status
from vtm.model.task import Task
from vtm.queries.batches import BatchTask
from vtm.queries.parallel_metadata import metadata_missing
from vtm.queries.shell_words import call

WORKER = "WORKER"
"""Stands for the name of the worker that is launched."""


class Launch(Struct, frozen=True):
    """A task that is to be launched.

    Attributes:
        mark: O, or i where nobody works at it any more.
        reason: Why it is left: `open`, or what became of whoever worked at it.
        epoch: Of the task as it is now.
        commands: What launches it, one shell command after the other; `WORKER` is to be replaced.
    """

    task_id: str
    title: str
    mark: Mark
    reason: str
    epoch: int
    commands: Sequence[str]


class LaunchWave(Struct, frozen=True):
    """Tasks that are launched together.

    Attributes:
        wave: From 1.
        waits_for: Ids of tasks in progress that have to be over before.
        beside: Ids of tasks in progress that it starts beside.
    """

    wave: int
    tasks: Sequence[Launch]
    waits_for: Sequence[str]
    beside: Sequence[str]


class Workers(NamedTuple):
    """What is known of those who work.

    Attributes:
        lost: For each task in progress at which nobody works any more, why one thinks so.
        leases: Those that are not over, by task.
    """

    lost: Mapping[str, str]
    leases: Mapping[str, Lease]


def launch_waves(
    readiness: Readiness, left: Sequence[BatchTask], workers: Workers, wave: int, settings: Settings
) -> tuple[list[LaunchWave], list[Finding]]:
    """`left` in waves of at most `wave`, and why it is one after the other where that is so.

    What may run together is the plan's decision; what is in progress holds its places and files.
    """
    backlog = readiness.backlog
    tasks = [backlog[each.task_id] for each in left]
    launches = {each.task_id: _launch(backlog, each, workers) for each in left}
    in_progress = readiness.tasks_with(Status.IN_PROGRESS)
    running = [task for task in in_progress if task.task_id not in workers.lost]
    missing = metadata_missing(backlog, tasks)
    rounds = schedule(
        [_job(task, settings) for task in tasks],
        1 if missing else wave,
        declared_conflicts([*tasks, *running]),
        running=[_job(task, settings) for task in running],
        in_waves=True,
        by_rank=True,
    )
    waits = [task.task_id for task in running]
    waves = [
        LaunchWave(
            number,
            [launches[name] for name in each.names],
            waits if number == 1 and not each.beside else [],
            each.beside,
        )
        for number, each in enumerate(rounds, 1)
    ]
    return waves, [missing] if missing else []


def _job(task: Task, settings: Settings) -> Job:
    minutes = int(getattr(settings.estimate, graded(task).size.value))
    return Job(task.task_id, minutes, RISK_RANK[task.risk], (), runs_alone(task), task.file_scope)


def _launch(backlog: Backlog, each: BatchTask, workers: Workers) -> Launch:
    name = each.task_id
    state = backlog.state_of(backlog[name])
    lost = workers.lost.get(name, "")
    commands = [
        call("batch start", name, options=("--agent", WORKER)),
        call("worktree make", name),
        call("prompt", name, options=("--template", "implementation-specialist")),
    ]
    if lost and (name in workers.leases or not state.owner):  # no lease ran out that could be taken over
        epoch = ("--epoch", str(state.epoch)) if name in workers.leases else ()
        commands.insert(0, call("batch reset", name, options=epoch))
    return Launch(name, each.title, each.mark, lost or "open", state.epoch, commands)
