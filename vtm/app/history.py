"""Reads the journal."""

from collections.abc import Sequence

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.model.backlog import Backlog
from vtm.model.event import Event
from vtm.model.folding import fold
from vtm.model.naming import task_named
from vtm.model.own_file import has_file
from vtm.model.standing import Standing, standing
from vtm.model.state import State, TaskState, decided
from vtm.queries.changed import Difference
from vtm.queries.changed import differences as differing
from vtm.queries.history import EntryDiffers, IllegalJump, Log, Replay
from vtm.stores.files import Files
from vtm.stores.journal import Journal

_WHAT = {
    Standing.BEHIND: "the state does not show the last event yet",
    Standing.EDITED: "the state was changed by hand",
    Standing.FOREIGN: "the state shows an event that the journal does not have",
}


def logged(app: App, task_id: str | None, limit: int | None) -> Log:
    """What has happened, to one task or at all; the last `limit` events of it.

    Raises:
        WrongUsageError: There is no such task, neither declared nor in the journal.
        UnreadableError: The journal cannot be read.
    """
    journal = _journal(app)
    events, bad = journal.read
    if task_id is not None:
        events = journal.of(task_id)
        if not events:
            events = journal.of(task_named(app.backlog, task_id).task_id)
    shown = events if limit is None else events[-limit:]
    lines = [each.line for each in bad]
    return Log(task_id or "", len(events), len(shown), len(shown) < len(events), shown, lines)


def replayed(app: App) -> Replay:
    """The state worked out from the journal alone, compared with the state as it is.

    Raises:
        UnreadableError: A file cannot be read.
    """
    opened = Opened.read(app.project, app.settings.paths, thorough=False)
    opened.refuse_damage()
    journal = _journal(app)
    backlog = opened.rest()
    entries = (opened.recorded.state or State()).tasks
    events, bad = journal.read
    by_task = journal.by_task()
    task_ids = list(dict.fromkeys([*entries, *by_task]))
    folded = {task_id: fold(by_task.get(task_id, [])) for task_id in task_ids}
    differences = [
        EntryDiffers(task_id, *found)
        for task_id in task_ids
        if by_task
        and (found := _difference(backlog, task_id, entries.get(task_id), by_task.get(task_id, [])))
    ]
    return Replay(
        sound=not (differences or bad or journal.torn),
        journal=bool(events),
        events=len(events),
        differences=differences,
        jumps=[
            IllegalJump(jump.event.task, jump.event.id, jump.event.event, jump.event.from_, jump.status)
            for each in folded.values()
            for jump in each.jumps
        ],
        unreadable=[each.line for each in bad],
        unknown=[task_id for task_id in by_task if task_id not in backlog],
        torn=len(journal.torn),
        tasks={name: each.state for name, each in folded.items() if each.state is not None},
    )


def _difference(
    backlog: Backlog, task_id: str, entry: TaskState | None, events: Sequence[Event]
) -> tuple[str, list[Difference]] | None:
    """How an entry differs from what its events come to; None: it does not."""
    own_file = task_id in backlog and has_file(backlog[task_id])
    stands = standing(entry, events, own_file=own_file)
    if stands is Standing.SAME:
        return None
    what = _WHAT[stands] if events else "the journal has no line of it"
    return what, differing(decided(fold(events).state), decided(entry))


def _journal(app: App) -> Journal:
    return Files.of(app.project, app.settings.paths).read().journal
