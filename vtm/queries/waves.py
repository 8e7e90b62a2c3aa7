"""The batch form of a plan, for who launches a whole group and waits for it."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vtm.graph.readiness import RULE, Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.queries.estimates import SizeEstimate
from vtm.queries.plannable import Unplanned
from vtm.queries.planning import Mode, Outline, PlannedTask, Question, outline


class Wave(Struct, frozen=True):
    """Tasks that are launched together.

    Attributes:
        wave: From 1.
        start: In minutes from now.
        minutes: What the longest of its tasks takes.
        tasks: In the order in which they had their turn.
        waits_for: Ids of what has to be over before it may be launched: what its tasks depend on, and what is
            in progress, with the first wave that cannot start beside that. The High tasks that a provisional
            one waits for are named with the first wave that has one.
        beside: Ids of tasks in progress that it starts beside.
    """

    wave: int
    start: int
    minutes: int
    tasks: Sequence[PlannedTask]
    waits_for: Sequence[str]
    beside: Sequence[str]


class Waves(Struct, frozen=True, tag_field="schema", tag="vtm.waves/1"):
    """Waves, each of which is launched when the one before is over.

    Attributes:
        mode: `parallel`, or `sequential` with one task in each wave where metadata is missing.
        size: How many tasks a wave holds at most; with what is in progress, where it starts beside that.
        running: Tasks in progress, in the selection or not: they hold places and files from minute 0 on.
        minutes: Until the last wave is over; 0: there is none.
        serial_minutes: What the waves' tasks and those in progress take one after another; 0: no waves.
        saving: How much less `minutes` is than that, in percent.
        unplanned: Selected tasks that are blocked, stuck or wait for what is not planned.
        total: Of waves and unplanned tasks.
        estimates: Where the minutes come from.
        findings: Why tasks are not launched together, and the cycles among them.
    """

    mode: Mode
    size: int
    running: Sequence[PlannedTask]
    waves: Sequence[Wave]
    minutes: int
    serial_minutes: int
    saving: float
    unplanned: Sequence[Unplanned]
    total: int
    returned: int
    truncated: bool
    estimates: Sequence[SizeEstimate]
    findings: Sequence[Finding]


def waves(
    backlog: Backlog,
    readiness: Readiness,
    question: Question,
    estimates: Sequence[SizeEstimate],
    findings: Sequence[Finding] = (),
) -> Waves:
    """Waves of tasks that may run together; `question` is to be `in_waves`."""
    found = outline(backlog, readiness, question, estimates)
    made = list(_made(found))
    unplanned = found.sorted_out.unplanned
    total = len(made) + len(unplanned)
    return Waves(
        found.mode,
        question.places if found.mode is Mode.PARALLEL else 1,
        found.running(),
        made,
        found.minutes,
        found.serial,
        found.saving,
        unplanned,
        total,
        total,
        False,
        estimates,
        [*found.missing, *findings],
    )


def _made(found: Outline) -> Iterator[Wave]:
    """Each wave; the High tasks that hold what is provisional are named once, where they first do."""
    sorted_out = found.sorted_out
    running = [task.task_id for task in sorted_out.running]
    holders = sorted_out.holders
    for number, each in enumerate(found.rounds, 1):
        waits: dict[str, None] = {}
        if not each.beside:
            waits, running = dict.fromkeys(running), []
        needs = [need for name in each.names for need in sorted_out.needs[name]]
        waits.update(dict.fromkeys(need for need in needs if need != RULE))
        if RULE in needs:
            waits.update(dict.fromkeys(holders))
            holders = []
        tasks = [found.cards[name] for name in each.names]
        longest = max(task.minutes for task in tasks)
        yield Wave(number, each.at, longest, tasks, list(waits), each.beside)
