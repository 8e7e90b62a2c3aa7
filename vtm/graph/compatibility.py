"""Which tasks may run at the same time: the one place that plans, runs and locks ask."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile

from vtm.graph.overlap import globs_overlap, has_wildcard, overlaps
from vtm.graph.scopes import segments
from vtm.model.backlog import Backlog
from vtm.model.status import Risk, Status
from vtm.model.task import Task

Conflicts = dict[str, frozenset[str]]


def runs_alone(task: Task) -> bool:
    """Whether nothing else may run while `task` does: it is High, or says that it is not parallel."""
    return task.risk is Risk.HIGH or task.parallel is False


def declared_conflicts(tasks: Iterable[Task]) -> Conflicts:
    """Id to the ids that must not run at the same time, whichever of the two names the other."""
    found: dict[str, set[str]] = {}
    for task in tasks:
        for other in task.conflicts_with or ():
            found.setdefault(task.task_id, set()).add(other)
            found.setdefault(other, set()).add(task.task_id)
    return {name: frozenset(others) for name, others in found.items()}


def may_share(backlog: Backlog, one: Task, two: Task) -> bool:
    """Whether two tasks of `backlog` may run at the same time, whatever else there is.

    A dependency that is completed or waived joins nothing any more.

    Time is linear in what the two depend on: it is for a pair, `HeldScopes` is for many tasks.
    """
    names = one.task_id, two.task_id
    declared = names[1] in (one.conflicts_with or ()) or names[0] in (two.conflicts_with or ())
    if declared or runs_alone(one) or runs_alone(two) or overlaps(one.file_scope, two.file_scope):
        return False
    return names[0] not in _needed(backlog, two) and names[1] not in _needed(backlog, one)


def conflict(one: Task, two: Task) -> str:
    """Why two tasks must not be worked at by two at once, to stand in a sentence; empty: they may be.

    They name each other as conflicts, or a path lies in the scopes of both.
    """
    if two.task_id in (one.conflicts_with or ()) or one.task_id in (two.conflicts_with or ()):
        return "the two are declared to conflict"
    for glob in one.file_scope:
        held = next((each for each in two.file_scope if globs_overlap(glob, each)), None)
        if held is not None:
            return f"both may change {glob}" if glob == held else f"{held} overlaps with {glob}"
    return ""


def _needed(backlog: Backlog, task: Task) -> set[str]:
    """Ids that `task` still waits for, directly or not; on a cycle itself."""
    found: set[str] = set()
    work = [task]
    while work:
        here = work.pop()
        waived = backlog.state_of(here).waived
        for name in here.depends_on_tasks:
            if name not in found and name not in waived and backlog.status(name) is not Status.COMPLETED:
                found.add(name)
                work.extend([backlog[name]] if name in backlog else [])
    return found


class HeldScopes:
    """The file scopes that are in use, to be asked whether another one overlaps with any of them.

    Globs are kept in a tree by their leading segments without wildcards: only those are compared of which one
    leads to the other, so that a scope in a folder of its own is compared with nothing.

    Attributes:
        compared: How many pairs of globs were compared so far.
    """

    def __init__(self) -> None:
        self._root = _Folder()
        self._holders: dict[str, int] = {}
        self.compared = 0

    def __contains__(self, glob: str) -> bool:
        """Whether a scope that is in use holds this very glob."""
        return glob in self._holders

    def hold(self, scope: Iterable[str]) -> None:
        """Take a scope into use; the same one may be held more than once."""
        for glob in scope:
            self._holders[glob] = self._holders.get(glob, 0) + 1
            if self._holders[glob] == 1:
                self._root.add(glob)

    def release(self, scope: Iterable[str]) -> list[str]:
        """Give back a scope that was held; the globs that nobody holds any more.

        Raises:
            KeyError: It was not held.
        """
        free = []
        for glob in scope:
            self._holders[glob] -= 1
            if not self._holders[glob]:
                del self._holders[glob]
                self._root.remove(glob)
                free.append(glob)
        return free

    def clash(self, scope: Iterable[str]) -> str | None:
        """A glob in use that can match the same path as one of `scope`; None: there is none."""
        if not self._holders:
            return None
        for glob in scope:
            for held in self._root.near(glob):
                self.compared += 1
                if globs_overlap(glob, held):
                    return held
        return None


class _Folder:
    """Globs by their leading segments.

    Attributes:
        globs: Those that have no further leading segment, as an ordered set.
        folders: By name; none is empty.
    """

    __slots__ = ("folders", "globs")

    def __init__(self) -> None:
        self.globs: dict[str, None] = {}
        self.folders: dict[str, _Folder] = {}

    def add(self, glob: str) -> None:
        folder = self
        for name in _leading(glob):
            below = folder.folders.get(name)
            if below is None:
                below = folder.folders[name] = _Folder()
            folder = below
        folder.globs[glob] = None

    def remove(self, glob: str) -> None:
        way = [self]
        names = list(_leading(glob))
        for name in names:
            way.append(way[-1].folders[name])
        del way[-1].globs[glob]
        while names and not way[-1].globs and not way[-1].folders:
            way.pop()
            del way[-1].folders[names.pop()]

    def near(self, glob: str) -> Iterator[str]:
        """The globs whose leading segments lead to those of `glob`, or are led to by them."""
        folder = self
        for name in _leading(glob):
            yield from folder.globs
            below = folder.folders.get(name)
            if below is None:
                return
            folder = below
        work = [folder]
        while work:
            folder = work.pop()
            yield from folder.globs
            work.extend(folder.folders.values())


@lru_cache(maxsize=16384)
def _leading(glob: str) -> tuple[str, ...]:
    return tuple(takewhile(lambda name: not has_wildcard(name), segments(glob)))
