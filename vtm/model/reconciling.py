"""What it takes to bring a state together with a manifest that has changed."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from vtm.model.backlog import Backlog
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.status import Status
from vtm.model.task import Task, Texts

_STARTED = {Status.IN_PROGRESS, Status.COMPLETED}


class MovedCriterion(Struct, frozen=True):
    """A criterion that was met, and that another task declares now.

    Attributes:
        follows: Whether it goes to the entry of that task; it does once that has been started.
    """

    criterion: str
    from_task: str
    to_task: str
    follows: bool


class StaleCriteria(Struct, frozen=True):
    """Criteria that were met and that no task declares any more; they stay in the entry of theirs."""

    task_id: str
    criteria: Texts


class Left(Struct, frozen=True):
    """Which criteria an entry says are left, and which are."""

    task_id: str
    before: Texts
    after: Texts


class Notes(NamedTuple):
    """What the entries do not tell themselves.

    Attributes:
        orphans: Entries that were set aside before, and that can be read.
        telling: Tasks whose entries say which criteria are left.
        damaged: Tasks whose entries cannot be read as they are; they are left alone.
    """

    orphans: Mapping[str, TaskState] = {}
    telling: AbstractSet[str] = frozenset()
    damaged: AbstractSet[str] = frozenset()


class Plan(NamedTuple):
    """What is to be done, and what is worth knowing beside.

    Attributes:
        gone: Tasks with an entry that are not declared any more.
        back: Tasks that are declared again; their entries are among `entries`.
        new: Tasks that are declared and have no entry.
        entries: Whole entries as they are to be.
        remaining: Entries in which the criteria left are out of date, those in `entries` left out.
    """

    gone: Texts
    back: Texts
    new: Texts
    moved: tuple[MovedCriterion, ...]
    stale: tuple[StaleCriteria, ...]
    entries: Mapping[str, TaskState]
    remaining: tuple[Left, ...]

    @property
    def touched(self) -> list[str]:
        """Tasks whose entries change or move."""
        remaining = (each.task_id for each in self.remaining)
        return list(dict.fromkeys([*self.gone, *self.entries, *remaining]))


def plan(backlog: Backlog, notes: Notes) -> Plan:
    """What brings the entries of `backlog` together with its tasks."""
    entries = backlog.state.tasks
    gone = tuple(each for each in entries if each not in backlog)
    back = tuple(each for each in notes.orphans if each in backlog and each not in backlog.recorded.tasks)
    sound = {each: entry for each, entry in entries.items() if each in backlog and each not in notes.damaged}
    sound |= {each: notes.orphans[each] for each in back}
    known = {*entries, *back}
    moves = tuple(_moved(backlog, sound, {each: entries[each] for each in gone}))
    changed = {each: sound[each] for each in back} | _with_moves(sound, moves)
    return Plan(
        gone,
        back,
        tuple(each.task_id for each in backlog.tasks if each.task_id not in known),
        moves,
        tuple(_stale(backlog, sound)),
        {each: _telling(backlog[each], entry, notes) for each, entry in changed.items()},
        tuple(_remaining(backlog, sound, notes, changed)),
    )


def _moved(
    backlog: Backlog, sound: Mapping[str, TaskState], gone: Mapping[str, TaskState]
) -> Iterator[MovedCriterion]:
    owners = _owners(backlog)
    for task_id, entry in {**sound, **gone}.items():
        for criterion in entry.acs_completed:
            tasks = owners.get(criterion, [])
            if not tasks or task_id in tasks:
                continue
            started = [each for each in tasks if sound.get(each, UNTOUCHED).status in _STARTED]
            to = (started or tasks)[0]
            known = criterion in sound.get(to, UNTOUCHED).acs_completed
            if task_id in gone and known:
                continue
            yield MovedCriterion(criterion, task_id, to, bool(started))


def _with_moves(sound: Mapping[str, TaskState], moves: tuple[MovedCriterion, ...]) -> dict[str, TaskState]:
    """The entries that change when criteria go where they are declared now; what is gone stays whole."""
    changed: dict[str, TaskState] = {}
    for move in moves:
        if not move.follows:
            continue
        old = changed.get(move.from_task, sound.get(move.from_task))
        if old is not None:
            left = tuple(each for each in old.acs_completed if each != move.criterion)
            changed[move.from_task] = replace(old, acs_completed=left)
        new = changed.get(move.to_task, sound[move.to_task])
        met = tuple(dict.fromkeys([*new.acs_completed, move.criterion]))
        changed[move.to_task] = replace(new, acs_completed=met)
    return changed


def _stale(backlog: Backlog, sound: Mapping[str, TaskState]) -> Iterator[StaleCriteria]:
    owners = _owners(backlog)
    for task_id, entry in sound.items():
        found = tuple(each for each in entry.acs_completed if each not in owners)
        if found:
            yield StaleCriteria(task_id, found)


def _remaining(
    backlog: Backlog, sound: Mapping[str, TaskState], notes: Notes, changed: Mapping[str, TaskState]
) -> Iterator[Left]:
    for task_id, entry in sound.items():
        left = entry.left(backlog[task_id])
        if task_id in notes.telling and task_id not in changed and left != entry.acs_remaining:
            yield Left(task_id, entry.acs_remaining, left)


def _telling(task: Task, entry: TaskState, notes: Notes) -> TaskState:
    return replace(entry, acs_remaining=entry.left(task)) if task.task_id in notes.telling else entry


def _owners(backlog: Backlog) -> dict[str, list[str]]:
    """The tasks that declare each criterion."""
    found: dict[str, list[str]] = {}
    for task in backlog.tasks:
        for each in task.acceptance_criteria:
            found.setdefault(each.id, []).append(task.task_id)
    return found
