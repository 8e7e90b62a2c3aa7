"""Task files that can be mended."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Self

from vtm.model.edits import Edit, Replaced
from vtm.model.finding import Pointer
from vtm.model.fixing import DeclaringFile, Entry, Listed
from vtm.model.task import FileTask, Texts
from vtm.ports.mending import Mendable
from vtm.sources.front_matter import read_front_matter
from vtm.sources.front_matter_keys import LISTS
from vtm.sources.front_matter_places import locate_in_file
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.listed_ids import ListedIds, with_list
from vtm.sources.manifest_mending import CONFLICTS, NEEDS, listed, replacements
from vtm.sources.markdown_text import parts
from vtm.sources.task_entry import entry_of


class _TaskFile(NamedTuple):
    name: str
    task: FileTask
    has_defects: bool
    read: Callable[[str], bytes]
    written: bytes | None = None


class MendableTaskFile(_TaskFile, Mendable):
    """A task file, which is opened only for what the task that was read from it does not tell.

    Ids have the pointers that findings have: `("depends_on_tasks", 1)` is the second one that is read, under
    whichever of its keys it stands. Single values have those of their keys.

    Attributes:
        has_defects: Whether there is more in it than the task.
        read: Gives the bytes of a file by its name.
        written: What is to be in it; None: what is in it.
    """

    __slots__ = ()

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.read(self.name) if self.written is None else self.written

    def declaring(self) -> DeclaringFile:
        """Its one task."""
        task = self.task
        if self.has_defects:
            return DeclaringFile(self.name, [self._with_values()])
        needs, conflicts = Listed((NEEDS,), task.depends_on_tasks), Listed((CONFLICTS,), self._conflicts)
        return DeclaringFile(self.name, [Entry(task.task_id, needs, conflicts)])

    def mended(self, edits: Sequence[Edit]) -> Self:
        """The text after `edits`; every byte that they are not about is as it was.

        Raises:
            UnreadableError: It cannot be edited safely.
        """
        if not edits:
            return self
        text = FrontMatterText.read(self.data, self.name)
        of_keys = [each for each in edits if isinstance(each, Replaced) and len(each.pointer) == 1]
        whole = {str(each.pointer[0]): each.value for each in of_keys}
        for field, ids in self._ids.items():
            own = [each for each in edits if each.pointer[0] == field and each not in of_keys]
            as_lists = {key for key in whole if LISTS.get(key) == field}
            if own or as_lists:
                text = ListedIds.read(text, field, ids).edited(own, as_lists)
        for key, value in whole.items():
            if key not in LISTS:
                text = text.with_value(key, value)
            elif LISTS[key] not in self._ids:
                text = with_list(text, key).with_items(key, value)
        return self._replace(written=text.data)

    def places(self, pointers: Collection[Pointer]) -> Mapping[Pointer, tuple[int, int]]:
        """Line and column, from 1, of what `pointers` lead to."""
        text = FrontMatterText.read(self.data, self.name)
        own = {each: self._own(text, each) for each in pointers}
        found = locate_in_file(self.data, own.values())
        return {each: found[there] for each, there in own.items()}

    @property
    def _conflicts(self) -> Texts:
        return self.task.conflicts_with or ()

    @property
    def _ids(self) -> Mapping[str, Texts]:
        return {NEEDS: self.task.depends_on_tasks, CONFLICTS: self._conflicts}

    def _own(self, text: FrontMatterText, pointer: Pointer) -> Pointer:
        """A pointer in the file's own terms."""
        if len(pointer) == 1:
            return pointer
        field, place = str(pointer[0]), int(pointer[1])
        return ListedIds.read(text, field, self._ids[field]).pointer(place)

    def _with_values(self) -> Entry:
        """The task as its front matter says it, what is read as something else included."""
        found = parts(self.data)
        front = self.data[found.yaml : found.end].decode() if found else ""
        entry, notes = entry_of(read_front_matter(front))
        needs, conflicts = (listed(entry, (), key) for key in (NEEDS, CONFLICTS))
        return Entry(self.task.task_id, needs, conflicts, replacements(notes, ()))
