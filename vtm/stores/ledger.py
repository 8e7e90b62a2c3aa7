"""State and journal as one: what is accepted is in both, also after a crash between the two."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace

from vtm.errors import ConflictError
from vtm.model.event import Event
from vtm.model.folding import fold
from vtm.model.hashes import is_known
from vtm.model.standing import Standing, standing
from vtm.model.state import State, TaskState
from vtm.model.task import Timestamp
from vtm.ports.reading import Recorded
from vtm.ports.recording import Ledger, Stamp, StateStore, Step
from vtm.stores.files import Files, Written
from vtm.stores.journal import encoded
from vtm.stores.lines import imported, latest_epoch, stamped
from vtm.stores.lock import locked
from vtm.stores.reads import Reads
from vtm.stores.state_file import Changed, edited
from vtm.stores.task_files import TaskFiles
from vtm.stores.watched import Edit

_MENDING = "restore the journal that belongs to the state, for example from git, or see `vtm doctor`"


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
            self._reads.reread()
            yield JsonLedger(self._files.read(), self._reads)


class JsonLedger(Ledger):
    """State and journal, while the lock is held; whoever only looks need not hold it (`held`)."""

    def __init__(self, written: Written, reads: Reads, *, held: bool = True) -> None:
        self._written = written
        self._journal = written.journal
        self._reads = reads
        self._files = TaskFiles(reads)
        self._held = held
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
        found = self._files.standing(task_id, entry, events)
        if found is Standing.FOREIGN:
            raise self._foreign(f"{task_id} shows an event that {self._written.files.journal} does not have")
        if found is Standing.BEHIND:
            entry = self._folded(task_id, events)
            self._set(task_id, entry)
        owned = self._files.shown(task_id, entry)
        if owned != entry:
            entry, found = owned, standing(owned, events)
        if found is Standing.EDITED and entry is not None and task_id not in self.recorded.damaged:
            if events:
                self.notices.append(f"{task_id} was changed by hand; the journal says so from now on")
            self._import(task_id, entry, now)
        return found is not Standing.SAME

    def stamp(self, task_id: str, now: Timestamp) -> Stamp:
        """Id and time for the next event of a task: later than all it has, even if the clock went back."""
        stamp = stamped(self.history(task_id), now)
        if stamp is None:
            raise self._foreign(f"the journal has an event of {task_id} at the end of all time")
        return stamp

    def rehearse(self, steps: Sequence[Step]) -> list[Edit]:
        """What the files of tasks are to hold after `steps`; none of it is written."""
        for step in steps:
            self._changed[step.event.task] = step.state
        return [edit for each in list(self._changed) if (edit := self._edit(each))]

    def write(self, steps: Sequence[Step], now: Timestamp, manifest_hash: str = "") -> None:
        """Write all of `steps`, or none of them; what was out of order before is put right with them."""
        edits = self.rehearse(steps)
        entries = {each: Changed(self._read.get(each), after) for each, after in self._changed.items()}
        state = edited(
            self._written.state or b"{}", self._written.files.state, entries, self._head(now, manifest_hash)
        )
        self._written.replace(
            state, encoded([*self._imports.values(), *(step.event for step in steps)]), edits
        )

    def _catch_up(self) -> None:
        """Apply the last step of the journal where whoever wrote it died before the state showed it."""
        last = Counter(event.task for event in self._journal.last)
        everything = self._journal.by_task() if len(last) > 8 else None
        for task_id in last:
            events = everything[task_id] if everything else self._journal.of(task_id)
            entry = self._tasks.get(task_id)
            behind = self._files.standing(task_id, entry, events) is Standing.BEHIND
            if behind and task_id not in self.recorded.damaged:
                if self._held:
                    self._files.catch_up(task_id, entry, events, last[task_id])
                self._set(task_id, self._folded(task_id, events))
                self.notices.append(f"{task_id}: the journal was ahead of the state; the state follows")

    def _edit(self, task_id: str) -> Edit | None:
        """What the task's own file is to hold, if it has one; the state remembers the ids of its boxes."""
        state = self._changed[task_id]
        if state is None:
            return None
        self._changed[task_id], edit = self._files.edit(task_id, self._read.get(task_id), state)
        return edit

    def _begin(self, now: Timestamp) -> None:
        """Start a journal: what is in the state already becomes its first lines."""
        if any(entry.last_event for entry in self._tasks.values()):
            raise self._foreign(f"{self._written.files.journal} is missing or empty, but the state knows it")
        damaged = self.recorded.damaged
        for task_id, entry in list(self._tasks.items()):
            if task_id not in damaged:
                self._import(task_id, self._files.shown(task_id, entry) or entry, now)

    def _import(self, task_id: str, entry: TaskState, now: Timestamp) -> None:
        stamp = self.stamp(task_id, now)
        epoch = latest_epoch(entry, self.history(task_id))
        self._imports[task_id] = imported(task_id, stamp, replace(entry, epoch=epoch))
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
            manifest_hash = manifest_hash or self._reads.manifest_hash()
        return head | ({"manifest_hash": manifest_hash} if manifest_hash else {})

    def _foreign(self, what: str) -> ConflictError:
        return ConflictError(what, code="JOURNAL-FOREIGN", path=self._written.files.journal, fix=_MENDING)
