"""Defects of one JSON document."""

from vtm.model.finding import Damage, Defect, Location, Pointer
from vtm.sources.decoder import may_repeat_keys
from vtm.sources.tolerant import Lenient


class Document:
    """A JSON document that parses.

    Attributes:
        name: Its path, POSIX and relative to the root.
    """

    def __init__(self, name: str, data: bytes, schema: str) -> None:
        self.name = name
        self._data = data
        self._fix = f"`vtm schema {schema}` shows what it may be"

    def repeated_keys(self) -> list[Defect]:
        """A defect for each key that an object has twice: the last one counts, the others are lost."""
        if not may_repeat_keys(self._data):
            return []
        from vtm.sources.positions import repeated_keys  # noqa: PLC0415  2 ms that sound files save

        return [
            Defect(
                Damage.SCHEMA,
                f"key {again.key!r} stands twice in one object; only the last one is read",
                Location(self.name, *again.at),
                "remove one of the two",
            )
            for again in repeated_keys(self._data)
        ]

    def refused(self, what: str, pointer: Pointer, fix: str) -> Defect:
        """A document in which nothing is where it should be; its place is told at once."""
        from vtm.sources.positions import locate  # noqa: PLC0415  2 ms that sound files save

        where = Location(self.name, *locate(self._data, [pointer])[pointer])
        return Defect(Damage.SCHEMA, f"{self.name} {what}", where, fix)

    def broken(self, what: str, pointer: Pointer, task_id: str = "") -> Defect:
        """A value that does not fit its schema."""
        return Defect(Damage.SCHEMA, what, Location(self.name, pointer=pointer), self._fix, task_id)

    def lenient(self, note: Lenient, at: Pointer, task_id: str = "") -> Defect:
        """A value that was read as another one."""
        return lenient(note, Location(self.name, pointer=(*at, *note.pointer)), task_id)

    def marked(self) -> Defect:
        """A byte order mark, which JSON does not have."""
        what = f"{self.name} starts with a byte order mark, which is passed over"
        return Defect(Damage.LENIENT, what, Location(self.name, 1, 1), "save it as UTF-8 without the mark")


def lenient(note: Lenient, location: Location, task_id: str = "") -> Defect:
    """A value that was read as another one."""
    name = ".".join(map(str, note.pointer))
    what = f"{name} {_shown(note.written)} is read as {_shown(note.read)}"
    return Defect(Damage.LENIENT, what, location, f"write {_shown(note.read)}", task_id)


def _shown(value: object) -> str:
    """A value as one would speak of it."""
    return "null" if value is None else repr(value)
