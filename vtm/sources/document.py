"""Defects of one JSON document."""

from vtm.model.finding import Damage, Defect, Location, Pointer
from vtm.sources.decoder import repeated_keys
from vtm.sources.positions import position
from vtm.sources.positions import repeated_keys as find_repeated_keys
from vtm.sources.tolerant import Lenient


class Document:
    """A JSON document that parses.

    Attributes:
        name: Its path, POSIX and relative to the root.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data

    def repeated_keys(self) -> list[Defect]:
        """A defect for each key that an object has twice: the last one counts, the others are lost."""
        if not repeated_keys(self._data):
            return []
        return [
            Defect(
                Damage.SCHEMA,
                f"key {key.pointer[-1]!r} stands twice in one object; only the last one is read",
                Location(self.name, *position(self._data, key.offset)),
                "remove one of the two",
            )
            for key in find_repeated_keys(self._data)
        ]

    def broken(
        self,
        what: str,
        pointer: Pointer,
        fix: str = "see `vtm schema --list` for the schema",
        task_id: str = "",
    ) -> Defect:
        """A value that does not fit its schema."""
        return Defect(Damage.SCHEMA, what, Location(self.name, pointer=pointer), fix, task_id)

    def lenient(self, note: Lenient, at: Pointer, task_id: str = "") -> Defect:
        """A value that was read as another one."""
        name = ".".join(map(str, note.pointer))
        what = f"{name} {note.written!r} is read as {note.read!r}"
        location = Location(self.name, pointer=(*at, *note.pointer))
        return Defect(Damage.LENIENT, what, location, f"write {note.read!r}", task_id)

    def marked(self) -> Defect:
        """A byte order mark, which JSON does not have."""
        what = "starts with a byte order mark, which is passed over"
        return Defect(Damage.LENIENT, what, Location(self.name, 1, 1), "save it as UTF-8 without the mark")
