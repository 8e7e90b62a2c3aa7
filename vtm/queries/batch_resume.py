"""What is left to launch of a batch, and how the rest of it stands."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.batch import LockedBatch, Mark, Place
from vtm.model.finding import Finding
from vtm.model.settings import Settings
from vtm.model.task import Timestamp
from vtm.queries.batch_waves import LaunchWave, Workers, launch_waves
from vtm.queries.batches import BatchTask, batch_task


class AtWork(Struct, frozen=True):
    """A task that somebody works at; `expires_at` is the end of the lease, null: there is none."""

    task_id: str
    title: str
    agent: str
    session: str
    expires_at: Timestamp | None


class Waiting(Struct, frozen=True):
    """A task that is left to launch and cannot be started as things are; `reason` is for a person."""

    task_id: str
    title: str
    reason: str


class BatchResume(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.batch.resume/1"):
    """What is left to launch of a batch, and how the rest of it stands.

    Attributes:
        wave: How many tasks are launched together at most.
        waves: What can be launched, each wave when the one before is over.
        waiting: What is left to launch and waits for something else.
        left: How many tasks are left to launch: those in `waves` and in `waiting`.
        total: Of waves and waiting tasks.
        running: What somebody works at.
        others: Those that are done, released, blocked, abandoned or gone.
        findings: Why no two tasks are launched together, where that is so.
    """

    id: str
    wave: int
    left: int
    finished_at: Timestamp | None
    waves: Sequence[LaunchWave]
    waiting: Sequence[Waiting]
    running: Sequence[AtWork]
    others: Sequence[BatchTask]
    total: int
    returned: int
    truncated: bool
    findings: Sequence[Finding]


def batch_resume(
    backlog: Backlog,
    batch: LockedBatch,
    places: Sequence[Place],
    workers: Workers,
    settings: Settings,
) -> BatchResume:
    """What is left to launch of the tasks in `places`: those in O, and those in i that were lost."""
    readiness = Readiness(backlog)
    ready = {task.task_id for task in readiness.eligible} | workers.lost.keys()
    tasks = [batch_task(backlog, each) for each in places]
    at_work = [each for each in tasks if each.mark is Mark.WORK and each.task_id not in workers.lost]
    busy = {each.task_id for each in at_work}
    left = [each for each in tasks if each.mark in {Mark.OPEN, Mark.WORK} and each.task_id not in busy]
    wave = min(batch.wave, settings.wip_limit) if settings.wip_limit else batch.wave
    can_start = [each for each in left if each.task_id in ready]
    waves, findings = launch_waves(readiness, can_start, workers, wave, settings)
    waiting = [
        Waiting(each.task_id, each.title, _why(readiness, each.task_id))
        for each in left
        if each.task_id not in ready
    ]
    return BatchResume(
        id=batch.id,
        wave=wave,
        left=len(left),
        finished_at=batch.finished_at,
        waves=waves,
        waiting=waiting,
        running=[_at_work(each, workers) for each in at_work],
        others=[each for each in tasks if each.mark not in {Mark.OPEN, Mark.WORK}],
        total=len(waves) + len(waiting),
        returned=len(waves) + len(waiting),
        truncated=False,
        findings=findings,
    )


def _at_work(each: BatchTask, workers: Workers) -> AtWork:
    lease = workers.leases.get(each.task_id)
    if lease is None:
        return AtWork(each.task_id, each.title, each.agent, "", None)
    return AtWork(each.task_id, each.title, each.agent, lease.session, lease.expires_at)


def _why(readiness: Readiness, name: str) -> str:
    task = readiness.backlog[name]
    unmet = [f"{each.task_id} is {each.status}" for each in readiness.unmet(task)]
    holders = [each.task_id for each in readiness.held_by(task)]
    return ", ".join([*unmet, *([f"it is provisional while {holders[0]} is open"] if holders else [])])
