"""What can be mended in declared tasks because there is one right answer."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct

from vtm.model.edits import Appended, Edit, Removed, Replaced
from vtm.model.finding import Location, Pointer
from vtm.model.replacement import Replacement

DUPLICATE_CONFLICT = "DUPLICATE-CONFLICT"
"""What no rule reports: a conflict that is listed twice."""

_ASYMMETRIC = "WARN::CONFLICT-ASYMMETRIC"
_DANGLING = "GAP::DANGLING-DEPENDENCY"
_LENIENT = "WARN::LENIENT-VALUE"


class Fix(Struct, frozen=True):
    """One thing that is mended.

    Attributes:
        code: Of the finding that it is for; `DUPLICATE-CONFLICT` where no rule reports it.
        task: Whose entry changes; empty: what stands beside the tasks.
        location: In the file as it was.
        sentence: What changes.
        safe: Whether what vtm reads stays the same.
    """

    code: str
    task: str
    location: Location
    sentence: str
    safe: bool


class Listed(NamedTuple):
    """Ids that a task lists; `pointer` also says where the list would stand if there is none yet."""

    pointer: Pointer
    ids: Sequence[str]


class Entry(NamedTuple):
    """What can be mended about one task, or beside the tasks.

    Attributes:
        task_id: Empty: it is what stands beside the tasks.
        needs: Its dependencies; None: they cannot be read, or there is no task.
        conflicts: Likewise, its conflicts.
        lenient: Values that are read as other ones.
    """

    task_id: str
    needs: Listed | None = None
    conflicts: Listed | None = None
    lenient: Sequence[Replacement] = ()


class DeclaringFile(NamedTuple):
    """A file that declares tasks; `path` is POSIX and relative to the root."""

    path: str
    entries: Sequence[Entry]


class Planned(NamedTuple):
    """A fix and the one change that it is.

    Attributes:
        dependency: As it is written, where it gets another id; else empty.
    """

    fix: Fix
    edit: Edit
    dependency: str = ""


def planned(files: Sequence[DeclaringFile], allowed: Callable[[Planned], bool]) -> list[Planned]:
    """Every fix of `files` that is `allowed`; what is not leaves the others as if it were none."""
    return _Planner(files, allowed).plan()


class _Planner:
    """Goes through the files once; of an id that is declared twice the first declaration counts.

    For each task that counts, `conflicts` holds the ids in conflict as they will be, each with whether
    somebody wrote it so.
    """

    def __init__(self, files: Sequence[DeclaringFile], allowed: Callable[[Planned], bool]) -> None:
        self.files = files
        self.allowed = allowed
        self.declared: dict[str, tuple[str, Entry]] = {}
        self.conflicts: dict[str, dict[str, bool]] = {}
        self.plans: list[Planned] = []
        self.variants: dict[str, list[str]] = {}

    def plan(self) -> list[Planned]:
        everywhere = [(file.path, entry) for file in self.files for entry in file.entries]
        for path, entry in everywhere:
            if entry.task_id:
                self.declared.setdefault(entry.task_id, (path, entry))
            self._values(path, entry)
        for name in self.declared:
            self.variants.setdefault(name.casefold(), []).append(name)
        for name, (path, entry) in self.declared.items():
            if entry.needs:
                words = _Words("dependency", f"{_LENIENT}::{name}", _DANGLING)
                self._ids(path, name, entry.needs, words)
            if entry.conflicts:
                words = _Words("conflict", DUPLICATE_CONFLICT, _ASYMMETRIC)
                self.conflicts[name] = self._ids(path, name, entry.conflicts, words)
        for name, others in self.conflicts.items():
            for other, written in others.items():
                self._other_side(name, other, safe=written)
        return self.plans

    def _values(self, path: str, entry: Entry) -> None:
        code = f"{_LENIENT}::{entry.task_id}" if entry.task_id else _LENIENT
        for each in entry.lenient:
            field = ".".join(str(key) for key in each.pointer if isinstance(key, str) and key != "tasks")
            what = f"{field} {each.before!r} becomes {each.after!r}"
            self._add(path, code, entry.task_id, what, Replaced(each.pointer, each.after))

    def _ids(self, path: str, name: str, listed: Listed, words: "_Words") -> dict[str, bool]:
        """Mend a list of ids; returns what it holds then, each with whether it was written so."""
        kept: dict[str, bool] = {}
        written_before: set[str] = set()
        for index, written in enumerate(listed.ids):
            meant, pointer = self._meant(name, written), (*listed.pointer, index)
            again = written in written_before
            written_before.add(written)
            if again or meant in kept:
                what = f"{words.noun} {written} is listed again; the first one stays"
                if not again:
                    what = f"{words.noun} {written} is listed already, in another letter case"
                code = words.again if again else words.unknown
                if self._add(path, code, name, what, Removed(pointer), safe=again):
                    continue
            elif meant != written:
                what = f"{words.noun} {written} becomes {meant}, the declared id"
                old = written if words.noun == "dependency" else ""
                if self._add(path, words.unknown, name, what, Replaced(pointer, meant), safe=False, old=old):
                    kept[meant] = False
                    continue
            kept.setdefault(written, True)
        return kept

    def _meant(self, name: str, written: str) -> str:
        """The declared id that differs from `written` only in letter case; `written` where none surely is."""
        if written in self.declared:
            return written
        found = self.variants.get(written.casefold(), [])
        return found[0] if len(found) == 1 and found[0] != name else written

    def _other_side(self, name: str, other: str, *, safe: bool) -> None:
        theirs = self.conflicts.get(other)
        if theirs is None or name in theirs:
            return
        path, entry = self.declared[other]
        if entry.conflicts:
            what = f"conflicts_with gets {name}, which lists {other}"
            edit = Appended(entry.conflicts.pointer, name)
            if self._add(path, _ASYMMETRIC, other, what, edit, safe=safe):
                theirs[name] = True

    def _add(
        self, path: str, code: str, task: str, what: str, edit: Edit, *, safe: bool = True, old: str = ""
    ) -> bool:
        sentence = f"{task}: {what}" if task else what
        plan = Planned(Fix(code, task, Location(path, pointer=edit.pointer), sentence, safe), edit, old)
        allowed = self.allowed(plan)
        if allowed:
            self.plans.append(plan)
        return allowed


class _Words(NamedTuple):
    """What a listed id is, and the codes of one that is listed again and of one that nobody declares."""

    noun: str
    again: str
    unknown: str


def by_path(plans: Sequence[Planned]) -> dict[str, list[Planned]]:
    """The fixes of each file."""
    found: dict[str, list[Planned]] = {}
    for each in plans:
        found.setdefault(each.fix.location.path, []).append(each)
    return found
