"""The manifest as a file that can be mended."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import msgspec

from vtm.errors import UnreadableError
from vtm.model.edits import Edit, intended
from vtm.model.finding import Pointer
from vtm.model.fixing import DeclaringFile, Entry, Listed
from vtm.model.replacement import Replacement
from vtm.model.task import TaskId, Texts
from vtm.ports.mending import Mendable
from vtm.sources.decoder import convert, parse
from vtm.sources.json_edits import edited
from vtm.sources.manifest_text import ManifestText
from vtm.sources.positions import locate
from vtm.sources.tolerant import Lenient, tolerate_manifest, tolerate_task

_NEEDS, _CONFLICTS = "depends_on_tasks", "conflicts_with"


class _Text(NamedTuple):
    name: str
    data: bytes


class MendableManifest(_Text, Mendable):
    """A manifest's text, in which no object has a key twice."""

    __slots__ = ()

    @classmethod
    def of(cls, text: ManifestText) -> Self:
        """Take the text of a manifest."""
        return cls(text.name, text.data)

    def declaring(self) -> DeclaringFile:
        """The fields beside the tasks, then each task whose id can be read."""
        document = parse(self.data)
        _, notes = tolerate_manifest(document)
        head = Entry("", lenient=_replacements(notes, ()))
        return DeclaringFile(self.name, [head, *_entries(document["tasks"])])

    def mended(self, edits: Sequence[Edit]) -> Self:
        """The text after `edits`; every byte that they are not about is as it was.

        Raises:
            UnreadableError: It would not be read as what is meant.
        """
        if not edits:
            return self
        data = edited(self.data, edits)
        meant = intended(parse(self.data), edits)
        if msgspec.json.encode(parse(data)) != msgspec.json.encode(meant):
            raise UnreadableError(
                f"{self.name} cannot be mended: it would not be read as what is meant; nothing was written",
                code="GAP::SCHEMA",
                path=self.name,
                fix="correct it by hand",
            )
        return self._replace(data=data)

    def places(self, pointers: Collection[Pointer]) -> Mapping[Pointer, tuple[int, int]]:
        """Line and column, from 1, of what `pointers` lead to."""
        return locate(self.data, pointers)


def _entries(tasks: Sequence[Any]) -> Iterator[Entry]:
    for index, raw in enumerate(tasks):
        task_id = convert(raw.get("task_id"), TaskId) if isinstance(raw, dict) else None
        if task_id is not None:
            at: Pointer = ("tasks", index)
            _, notes = tolerate_task(raw)
            needs, conflicts = (_listed(raw, at, key) for key in (_NEEDS, _CONFLICTS))
            yield Entry(task_id, needs, conflicts, _replacements(notes, at))


def _listed(raw: Mapping[str, Any], at: Pointer, key: str) -> Listed | None:
    value = raw.get(key)
    ids = () if value is None else convert(value, Texts) if isinstance(value, list) else None
    return None if ids is None else Listed((*at, key), ids)


def _replacements(notes: Sequence[Lenient], at: Pointer) -> list[Replacement]:
    return [Replacement((*at, *note.pointer), note.written, note.read) for note in notes]
