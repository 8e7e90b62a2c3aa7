"""Looks at the journal, and at how the entries of the state stand to it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from vtm.app.bench import Bench, damaged
from vtm.app.finding_trouble import Found, found
from vtm.model.own_file import has_file
from vtm.model.standing import Standing, standing
from vtm.model.state import State
from vtm.queries.examined import Ailment
from vtm.stores.files import Written
from vtm.stores.mending import MendingLedger

_ANEW = "the journal gets a line with the entry as it is"


def examined_journal(bench: Bench, written: Written) -> Iterator[Found]:
    """What is wrong with its lines."""
    journal, path = written.journal, bench.files.journal
    if journal.torn:
        line = journal.data[: journal.sound].count(b"\n") + 1
        what = f"it ends in {len(journal.torn)} bytes that were never finished"
        yield found(Ailment.UNFINISHED_LINE, path, what, "they are cut off", _with_the_rest, line=line)
    for bad in journal.read[1]:
        fix = "restore the line, for example from git, or remove it"
        yield found(
            Ailment.UNREADABLE_LINE, path, f"this line is no event: {bad.problem}", fix, line=bad.line
        )


def examined_entries(bench: Bench, written: Written, ledger: MendingLedger) -> Iterator[Found]:
    """Entries that are not what the journal gives; where none was begun, none is missed."""
    recorded = bench.recorded(written.state)
    entries, events = (recorded.state or State()).tasks, ledger.events_by_task
    stands = {
        each: standing(entries.get(each), events.get(each, ()), own_file=has_file(bench.tasks.get(each)))
        for each in dict.fromkeys([*entries, *events])
    }
    if not events and Standing.FOREIGN not in stands.values():
        return
    unreadable = damaged(recorded)
    for task_id, each in stands.items():
        if each is Standing.SAME:
            continue
        if task_id in unreadable:
            yield _unreadable(bench, task_id, unreadable)
        elif each is Standing.BEHIND:
            what = f"{task_id} does not show the last event of the journal yet"
            mend = partial(ledger.follow, task_id, bench.now)
            fix = "the entry becomes what the journal gives"
            yield found(Ailment.BEHIND, bench.files.state, what, fix, mend, task_id=task_id)
        else:
            adopt = partial(ledger.adopt, task_id, ledger.shown(task_id, entries[task_id]), bench.now)
            yield found(
                Ailment(each.value),
                bench.files.state,
                _said(task_id, each, events.get(task_id, ())),
                _ANEW,
                adopt,
                task_id=task_id,
            )


def _said(task_id: str, stands: Standing, events: Sequence[object]) -> str:
    if stands is Standing.FOREIGN:
        return f"{task_id} shows an event that the journal does not have"
    return f"{task_id} was changed by hand" if events else f"{task_id} is not in the journal"


def _unreadable(bench: Bench, task_id: str, unreadable: Mapping[str, str]) -> Found:
    what = f"{task_id} is not what the journal gives, and cannot be read: {unreadable[task_id]}"
    fix = "correct it; `vtm validate` shows where it is"
    return found(Ailment.UNREADABLE, bench.files.state, what, fix, task_id=task_id)


def _with_the_rest() -> None:
    """Saving the ledger does it."""
