"""Which tasks can be worked on at the same time, in which order, and how long that takes."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.graph.compatibility import runs_alone
from vtm.graph.jobs import KeptOut, Round
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import Risk
from vtm.model.task import Task
from vtm.queries.estimates import SizeEstimate
from vtm.queries.plannable import Unplanned
from vtm.queries.planning import Mode, Outline, PlannedTask, Question, outline
from vtm.rules.wording import listed

_NAMED = 3


class Kind(StrEnum):
    """`parallel`: at least two tasks are in progress; `serial`: one is, and nothing beside it."""

    PARALLEL = "parallel"
    SERIAL = "serial"


class Group(Struct, frozen=True):
    """Tasks that start at the same moment.

    Attributes:
        group: From 1.
        start: In minutes from now.
        minutes: What the longest of its tasks takes.
        tasks: In the order in which they had their turn.
        beside: Ids of tasks that were started before and still run.
        reason: Why these may run side by side, or why one has to be alone; for a person.
    """

    group: int
    type: Kind
    start: int
    minutes: int
    tasks: Sequence[PlannedTask]
    beside: Sequence[str]
    reason: str


class Plan(Struct, frozen=True, tag_field="schema", tag="vtm.plan/1"):
    """What can be worked on at the same time, in order of time.

    Attributes:
        mode: As it is planned; `asked` is what was asked for.
        max: How many tasks may be in progress at the same time.
        running: Tasks in progress, in the selection or not: they hold places and files from minute 0 on.
        groups: Those of one start before those of the next.
        minutes: Until the last group is over; 0: there is none.
        serial_minutes: What the groups' tasks and those in progress take one after another; 0: no groups.
        saving: How much less `minutes` is than that, in percent.
        unplanned: Selected tasks that are blocked, stuck or wait for what is not planned.
        total: Of groups and unplanned tasks.
        estimates: Where the minutes come from.
        findings: Why it is not the mode that was asked for, and the cycles among them.
    """

    mode: Mode
    asked: Mode
    max: int
    running: Sequence[PlannedTask]
    groups: Sequence[Group]
    minutes: int
    serial_minutes: int
    saving: float
    unplanned: Sequence[Unplanned]
    total: int
    returned: int
    truncated: bool
    estimates: Sequence[SizeEstimate]
    findings: Sequence[Finding]


def plan(
    backlog: Backlog,
    readiness: Readiness,
    question: Question,
    estimates: Sequence[SizeEstimate],
    findings: Sequence[Finding] = (),
) -> Plan:
    """Groups of tasks that may start together, each as soon as it can."""
    found = outline(backlog, readiness, question, estimates)
    groups = [
        _group(backlog, found, number, each, question.places) for number, each in enumerate(found.rounds, 1)
    ]
    unplanned = found.sorted_out.unplanned
    total = len(groups) + len(unplanned)
    return Plan(
        found.mode,
        question.mode,
        question.places if found.mode is Mode.PARALLEL else 1,
        found.running(),
        groups,
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


def _group(backlog: Backlog, found: Outline, number: int, each: Round, places: int) -> Group:
    tasks = [found.cards[name] for name in each.names]
    kind = Kind.PARALLEL if len(each.names) + len(each.beside) > 1 else Kind.SERIAL
    if found.mode is Mode.SEQUENTIAL:
        reason = "one after another"
    elif kind is Kind.PARALLEL:
        reason = "; ".join(_why_together(backlog, each))
    else:
        reason = "; ".join(_why_alone(backlog, each, places))
    longest = max(task.minutes for task in tasks)
    return Group(number, kind, each.at, longest, tasks, each.beside, reason)


def _why_together(backlog: Backlog, each: Round) -> Iterator[str]:
    yield "no dependency, conflict or shared file among them"
    if each.beside:
        yield f"beside {_named(each.beside)}"
    unknown = [name for name in each.names if not backlog[name].file_scope]
    if unknown:
        yield f"no file_scope on {_named(unknown)}, so that their files are not known"


def _why_alone(backlog: Backlog, each: Round, places: int) -> Iterator[str]:
    task = backlog[each.names[0]]
    if runs_alone(task):
        yield f"{task.task_id} {_lonely(task)} and runs alone"
    elif places == 1:
        yield "no more than 1 at once"
    else:
        yield from (_against(task.task_id, kept) for kept in each.kept_out)
        if each.lone:
            waiting = f"{each.lone} {_lonely(backlog[each.lone])} and waits to run alone"
            yield f"{waiting}; {each.held} would keep it waiting for longer" if each.held else waiting
        elif not each.kept_out:
            yield "nothing else can start with it"


def _lonely(task: Task) -> str:
    return "is High" if task.risk is Risk.HIGH else "says parallel: false"


def _against(running: str, kept: KeptOut) -> str:
    if kept.task:
        return f"{kept.name} conflicts with {running}"
    return f"{kept.name} shares files with it ({kept.glob or '.'})"


def _named(names: Sequence[str]) -> str:
    return listed(names[:_NAMED], len(names))
