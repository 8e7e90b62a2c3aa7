"""State and journal as one: what is accepted is in both, also after a crash between the two."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from vtm.errors import ConflictError
from vtm.model.event import Details, Event, Kind
from vtm.model.folding import fold
from vtm.model.hashes import is_known
from vtm.model.standing import Standing, standing
from vtm.model.state import State, TaskState
from vtm.model.task import Task, Timestamp
from vtm.ports.reading import Recorded
from vtm.ports.recording import Ledger, Stamp, StateStore, Step
from vtm.stores.files import Files, Written
from vtm.stores.journal import encoded
from vtm.stores.lock import locked
from vtm.stores.state_file import Changed, edited

_MENDING = "restore the journal that belongs to the state, for example from git, or see `vtm doctor`"
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Reads(NamedTuple):
    """How to read what a ledger does not know itself.

    Attributes:
        state: What is recorded in the bytes of a state file.
        task: The task with this id; None where nobody declares it.
        manifest_hash: The canonical hash of the manifest that is there now.
    """

    state: Callable[[bytes], Recorded]
    task: Callable[[str], Task | None]
    manifest_hash: Callable[[], str]


class JsonStore(StateStore):
    """State and journal in files; `wait` is how many seconds one waits for another writer."""

    def __init__(self, files: Files, reads: Reads, wait: float) -> None:
        self._files = files
        self._reads = reads
        self._wait = wait

    @contextmanager
    def held(self) -> Iterator["JsonLedger"]:
        """Keep everybody else from writing until the context is left."""
        with locked(self._files.runtime, self._wait):
            self._files.tidy()
            yield JsonLedger(self._files.read(), self._reads)


class JsonLedger(Ledger):
    """State and journal, while the lock is held."""

    def __init__(self, written: Written, reads: Reads) -> None:
        self._written = written
        self._journal = written.journal
        self._reads = reads
        self.notices: list[str] = []
        recorded = Recorded(State()) if written.state is None else reads.state(written.state)
        self._read = (recorded.state or State()).tasks
        self._tasks = dict(self._read)
        self.recorded = recorded
        if recorded.state is not None:
            self.recorded = recorded._replace(state=replace(recorded.state, tasks=self._tasks))
        self._changed: dict[str, TaskState | None] = {}
        self._imports: dict[str, Event] = {}
        if self._journal.torn:
            self.notices.append(
                f"{written.files.journal} ends in a line that was never finished; it is dropped"
            )
        self._catch_up()

    def events(self) -> Sequence[Event]:
        """All events, in the order of the file."""
        return self._journal.read[0]

    def history(self, task_id: str) -> Sequence[Event]:
        """The events of a task, in the order in which they count."""
        pending = self._imports.get(task_id)
        return [*self._journal.of(task_id), *([pending] if pending else [])]

    def settle(self, task_id: str, now: Timestamp) -> bool:
        """Bring the entry of a task and its journal together; whether the entry is another one then.

        Raises:
            ConflictError: They do not belong together.
        """
        if not (self._journal.last or self._imports or self._journal.read[0]):
            self._begin(now)
        entry = self._tasks.get(task_id)
        events = self.history(task_id)
        found = standing(entry, events)
        if found is Standing.FOREIGN:
            raise self._foreign(f"{task_id} shows an event that {self._written.files.journal} does not have")
        if found is Standing.BEHIND:
            self._set(task_id, self._folded(task_id, events))
            return True
        if found is Standing.EDITED and entry is not None and task_id not in self.recorded.damaged:
            if events:
                self.notices.append(f"{task_id} was changed by hand; the journal says so from now on")
            self._import(task_id, entry, now)
        return False

    def stamp(self, task_id: str, now: Timestamp) -> Stamp:
        """Id and time for the next event of a task: later than all it has, even if the clock went back."""
        events = self.history(task_id)
        last = events[-1] if events else None
        try:
            at = max(now, last.at + _TICK) if last else now
        except OverflowError:
            raise self._foreign(f"the journal has an event of {task_id} at the end of all time") from None
        identity = f"{(at - _EPOCH_START) // _TICK:014x}{os.urandom(4).hex()}"
        return Stamp(identity, at, last.id if last else "")

    def write(self, steps: Sequence[Step], now: Timestamp, manifest_hash: str = "") -> None:
        """Write all of `steps`, or none of them; what was out of order before is put right with them."""
        for step in steps:
            self._changed[step.event.task] = step.state
        entries = {each: Changed(self._read.get(each), after) for each, after in self._changed.items()}
        state = edited(
            self._written.state or b"{}", self._written.files.state, entries, self._head(now, manifest_hash)
        )
        self._written.replace(state, encoded([*self._imports.values(), *(step.event for step in steps)]))

    def _catch_up(self) -> None:
        """Apply the last step of the journal where whoever wrote it died before the state showed it."""
        last = dict.fromkeys(event.task for event in self._journal.last)
        everything = self._journal.by_task() if len(last) > 8 else None
        for task_id in last:
            events = everything[task_id] if everything else self._journal.of(task_id)
            behind = standing(self._tasks.get(task_id), events) is Standing.BEHIND
            if behind and task_id not in self.recorded.damaged:
                self._set(task_id, self._folded(task_id, events))
                self.notices.append(f"{task_id}: the journal was ahead of the state; the state follows")

    def _begin(self, now: Timestamp) -> None:
        """Start a journal: what is in the state already becomes its first lines."""
        if any(entry.last_event for entry in self._tasks.values()):
            raise self._foreign(f"{self._written.files.journal} is missing or empty, but the state knows it")
        damaged = self.recorded.damaged
        for task_id, entry in list(self._tasks.items()):
            if task_id not in damaged:
                self._import(task_id, entry, now)

    def _import(self, task_id: str, entry: TaskState, now: Timestamp) -> None:
        stamp = self.stamp(task_id, now)
        epoch = max([entry.epoch, *(event.epoch for event in self.history(task_id))])  # or it came too early
        whole = Details(entry=replace(entry, epoch=epoch, acs_remaining=(), last_event=""))
        self._imports[task_id] = Event(
            stamp.id,
            stamp.at,
            task_id,
            Kind.IMPORT,
            entry.status,
            entry.status,
            epoch=epoch,
            evidence=whole,
            follows=stamp.follows,
        )
        self._set(task_id, replace(entry, epoch=epoch, last_event=stamp.id))

    def _folded(self, task_id: str, events: Sequence[Event]) -> TaskState | None:
        state = fold(events).state
        task = self._reads.task(task_id)
        if state is None or task is None:
            return state
        return replace(state, acs_remaining=state.left(task))

    def _set(self, task_id: str, entry: TaskState | None) -> None:
        self._changed[task_id] = entry
        if entry is None:
            self._tasks.pop(task_id, None)
        else:
            self._tasks[task_id] = entry

    def _head(self, now: Timestamp, manifest_hash: str) -> dict[str, Any]:
        head: dict[str, Any] = {"last_updated": now.replace(microsecond=0)}
        if manifest_hash or not is_known((self.recorded.state or State()).manifest_hash):
            head["manifest_hash"] = manifest_hash or self._reads.manifest_hash()
        return head

    def _foreign(self, what: str) -> ConflictError:
        return ConflictError(what, code="JOURNAL-FOREIGN", path=self._written.files.journal, fix=_MENDING)
