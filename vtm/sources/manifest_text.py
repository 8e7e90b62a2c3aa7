"""Edits of a manifest's text: what is not edited stays as it is, byte for byte."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.errors import UnreadableError
from vtm.model.finding import Defect
from vtm.model.transaction import Transaction
from vtm.sources.decoder import MalformedError, convert, parse
from vtm.sources.document import Document
from vtm.sources.files import malformed
from vtm.sources.hashes import manifest_hashes
from vtm.sources.json_text import Container, opened

SCHEMA = "virtual-task-manifest"
_TASKS = "tasks"
_INGESTED = "ingested"
_NEEDED = "depends_on_tasks"


class ManifestText(NamedTuple):
    """The text of a manifest that can be edited; each edit gives the text that follows.

    Attributes:
        data: The bytes.
        name: What errors call it.
    """

    data: bytes
    name: str

    @classmethod
    def read(cls, data: bytes, name: str) -> "ManifestText":
        """Take `data` for a manifest.

        Raises:
            UnreadableError: It is not JSON, has no list of tasks, or an object in it has a key twice.
        """
        refuse_repeated_keys(data, name)
        document = _parsed(data, name)
        if not isinstance(document, dict) or not isinstance(document.get(_TASKS), list):
            what = "is not an object with a list `tasks`"
            raise _refused(Document(name, data, SCHEMA).refused(what, (_TASKS,), 'write {"tasks": [...]}'))
        return cls(data, name)

    @property
    def document(self) -> dict[str, Any]:
        """All of it, as plain values."""
        document: dict[str, Any] = _parsed(self.data, self.name)
        return document

    @property
    def transactions(self) -> list[Transaction]:
        """What was ingested and is still there, in the order it was.

        Raises:
            UnreadableError: It is not written as vtm writes it.
        """
        written = self.document.get(_INGESTED) or []
        found = convert(written, list[Transaction])
        if found is None:
            what = "has an `ingested` that is not the list of transactions that `vtm ingest` writes"
            raise _refused(
                Document(self.name, self.data, SCHEMA).refused(what, (_INGESTED,), "restore or remove it")
            )
        return found

    @property
    def canonical(self) -> str:
        """The canonical hash of the tasks.

        Raises:
            UnreadableError: They are nested too deeply.
        """
        found = manifest_hashes(self.data).canonical
        if not found:
            raise UnreadableError(
                f"{self.name} cannot be hashed: it is nested too deeply",
                code="GAP::SCHEMA",
                path=self.name,
                fix="take out what is nested so deeply",
            )
        return found

    def positions(self, task_ids: Collection[str]) -> dict[str, list[int]]:
        """Where in `tasks` each of these ids is declared; an id that is not there is left out."""
        found: dict[str, list[int]] = {}
        for position, entry in enumerate(self.document[_TASKS]):
            name = entry.get("task_id") if isinstance(entry, dict) else None
            if isinstance(name, str) and name in task_ids:
                found.setdefault(name, []).append(position)
        return found

    def with_tasks(self, entries: Sequence[Mapping[str, object]]) -> "ManifestText":
        """With `entries` at the end of the tasks."""
        return self._with(self._tasks().with_items(entries))

    def without_tasks(self, positions: Collection[int]) -> "ManifestText":
        """Without the tasks at these positions."""
        return self._with(self._tasks().without(positions))

    def with_dependency(self, position: int, task_id: str) -> "ManifestText":
        """With `task_id` as the last dependency of the task at `position`.

        Raises:
            UnreadableError: Its dependencies are not a list.
        """
        task = self._tasks().inside(position)
        if task is None or task.is_list:
            raise self._no_place((_TASKS, position), "is not an object")
        value = self.document[_TASKS][position].get(_NEEDED)
        needed = task.inside(_NEEDED)
        if value is None:
            return self._with(task.with_members({_NEEDED: [task_id]}))
        if needed is None or not needed.is_list:
            raise self._no_place((_TASKS, position, _NEEDED), "is not a list")
        return self._with(needed.with_items([task_id]))

    def with_fields(self, fields: Mapping[str, object]) -> "ManifestText":
        """With these fields beside `tasks`."""
        return self._with(opened(self.data).with_members(fields))

    def with_transaction(self, transaction: Transaction) -> "ManifestText":
        """With a transaction behind those that it has."""
        top = opened(self.data)
        known = top.inside(_INGESTED)
        if known is not None and known.is_list:
            return self._with(known.with_items([transaction]))
        return self._with(top.with_members({_INGESTED: [transaction]}))

    def without_transaction(self, transaction_id: str) -> "ManifestText":
        """Without the transaction of this id."""
        top = opened(self.data)
        known = top.inside(_INGESTED)
        dropped = [at for at, each in enumerate(self.transactions) if each.id == transaction_id]
        if known is None or len(dropped) == len(known.items):
            return self._with(top.without({_INGESTED}))
        return self._with(known.without(dropped))

    def _tasks(self) -> Container:
        found = opened(self.data).inside(_TASKS)
        if found is None:
            raise self._no_place((_TASKS,), "is not a list")
        return found

    def _with(self, data: bytes) -> "ManifestText":
        return self._replace(data=data)

    def _no_place(self, pointer: tuple[str | int, ...], what: str) -> UnreadableError:
        where = ".".join(map(str, pointer))
        found = Document(self.name, self.data, SCHEMA).refused(
            f"cannot be edited: {where} {what}", pointer, ""
        )
        return _refused(msgspec.structs.replace(found, fix="`vtm validate` says what it should be"))


def with_hash(data: bytes, name: str, manifest_hash: str) -> bytes:
    """The text of a manifest, or of a state, with another `manifest_hash`.

    Raises:
        UnreadableError: An object in it has a key twice.
    """
    refuse_repeated_keys(data, name)
    return opened(data).with_members({"manifest_hash": manifest_hash})


def refuse_repeated_keys(data: bytes, name: str) -> None:
    """Let only one JSON document pass in which no object has a key twice.

    Raises:
        UnreadableError: It is none, or one of two values would be lost; the first place is told.
    """
    _parsed(data, name)
    for again in Document(name, data, SCHEMA).repeated_keys():
        raise _refused(again)


def _parsed(data: bytes, name: str) -> Any:
    try:
        return parse(data)
    except MalformedError as error:
        raise _refused(malformed(name, data, error)) from None


def _refused(defect: Defect) -> UnreadableError:
    where = defect.location
    return UnreadableError(
        defect.message if where.path in defect.message else f"{where.path}: {defect.message}",
        code=defect.damage.value,
        path=where.path,
        line=where.line,
        column=where.column,
        fix=defect.fix,
    )
