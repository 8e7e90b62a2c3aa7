"""State and journal, brought together again by more than what happens to tasks."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from vtm.model.event import Event
from vtm.model.state import State, TaskState, decided
from vtm.model.task import Texts, Timestamp
from vtm.ports.reading import Recorded
from vtm.stores.durable import append, refused
from vtm.stores.files import Written
from vtm.stores.ledger import JsonLedger
from vtm.stores.lines import dropped, latest_epoch
from vtm.stores.reads import Reads
from vtm.stores.rearranging import Moves, entries_with, moved, orphaned
from vtm.stores.state_file import Changed, edited
from vtm.stores.watched import Watched

_NOTHING = b"{}"


class MendingLedger(JsonLedger):
    """A ledger whose entries can be set as a whole; `save` writes what was set.

    To look at it, one need not hold the lock; to save it, one must.
    """

    def __init__(self, written: Written, reads: Reads, *, held: bool = True) -> None:
        super().__init__(written, reads, held=held)
        self._gone: dict[str, TaskState] = {}
        self._back: list[str] = []

    @property
    def names(self) -> tuple[str, str]:
        """What state and journal are called."""
        return self._written.files.state, self._written.files.journal

    @cached_property
    def orphans(self) -> Recorded:
        """Entries whose tasks were not declared any more when somebody looked.

        Raises:
            UnreadableError: They are no object, or one of them is there twice.
        """
        return self._reads.state(orphaned(self._text, self._written.files.state))

    @cached_property
    def telling_what_is_left(self) -> frozenset[str]:
        """Tasks whose entries, orphaned ones included, say which criteria are left."""
        name, key = self._written.files.state, "acs_remaining"
        texts = self._text, orphaned(self._text, name)
        return frozenset().union(*(entries_with(text, name, key) for text in texts))

    @cached_property
    def events_by_task(self) -> Mapping[str, Sequence[Event]]:
        """All that is in the journal, by task and in the order in which it counts."""
        return self._journal.by_task()

    def history(self, task_id: str) -> Sequence[Event]:
        """The events of a task, in the order in which they count."""
        pending = self._imports.get(task_id)
        return [*self.events_by_task.get(task_id, ()), *([pending] if pending else [])]

    def adopt(self, task_id: str, entry: TaskState, now: Timestamp) -> None:
        """Set an entry, and let the journal say so, whatever it said before."""
        self._import(task_id, entry, now)

    def follow(self, task_id: str, now: Timestamp) -> None:
        """Make an entry what the journal gives; in what a task's own file owns, that is right."""
        self.settle(task_id, now)

    def shown(self, task_id: str, entry: TaskState) -> TaskState:
        """An entry with what the task's own file says, if it has one."""
        return self._files.shown(task_id, entry) or entry

    def refresh(self, task_id: str, remaining: Texts) -> None:
        """Set which criteria are left; the journal says nothing of that."""
        self._set(task_id, replace(self._tasks[task_id], acs_remaining=remaining))

    def set_aside(self, task_id: str, reason: str, now: Timestamp) -> None:
        """Move an entry to the orphaned ones, whole, and let the journal say why."""
        entry = self._tasks[task_id]
        stamp = self.stamp(task_id, now)
        epoch = latest_epoch(entry, self.history(task_id))
        self._imports[task_id] = dropped(task_id, stamp, replace(entry, epoch=epoch), reason)
        self._set(task_id, None)
        self._gone[task_id] = entry

    def take_back(self, task_id: str, entry: TaskState, now: Timestamp) -> None:
        """Move an orphaned entry to the others, whole but for what `entry` and the task's own file say."""
        self.adopt(task_id, self.shown(task_id, entry), now)
        self._back.append(task_id)

    def save(self, now: Timestamp, manifest_hash: str = "") -> None:
        """Write what was set; where the journal need not say anything, it is left alone.

        Raises:
            ConflictError: The files were changed by somebody who holds no lock.
            ExternalError: The system refuses; the files are as they were.
        """
        files, text = self._written.files, self._moved()
        own_files = any(self._files.of(each) for each in self._changed)
        if self._imports or self._journal.torn or own_files:
            self._written = self._written._replace(state=text)
            self.write([], now, manifest_hash)
            return
        entries = {each: Changed(self._read.get(each), after) for each, after in self._changed.items()}
        text = edited(text, files.state, entries, self._head(now, manifest_hash))
        seen = self._written.seen[0]
        Watched(files.root / files.state, files.state, self._text, seen).replace_with(text)

    def tidy(self, now: Timestamp) -> bool:
        """Save what was set and cut off what was never finished; whether there was anything to do.

        Raises:
            ConflictError: The files were changed by somebody who holds no lock.
            ExternalError: The system refuses; the files are as they were.
        """
        if self._changed or self._imports:
            self.save(now)
            return True
        if not self._journal.torn:
            return False
        name = self._written.files.journal
        try:
            append(self._written.files.root / name, self._journal.sound, b"")
        except OSError as error:
            raise refused(name, error) from None
        return True

    def _moved(self) -> bytes:
        """The state with entries in their new places, those that go as the journal knows them."""
        name = self._written.files.state
        newer = {
            each: Changed(self._read.get(each), entry)
            for each, entry in self._gone.items()
            if each not in self._read or decided(entry) != decided(self._read[each])
        }
        text = edited(self._text, name, newer, {}) if newer else self._text
        orphans = (self.orphans.state or State()).tasks
        self._read = {each: entry for each, entry in self._read.items() if each not in self._gone}
        self._read |= {each: orphans[each] for each in self._back}
        return moved(text, name, Moves(list(self._gone), self._back))

    @property
    def _text(self) -> bytes:
        return self._written.state or _NOTHING
