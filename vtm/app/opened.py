"""The files of a backlog, read."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from vtm.app.declared import read_declared
from vtm.discovery import Project
from vtm.errors import UnreadableError
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage, Defect
from vtm.model.settings import Paths
from vtm.model.state import State
from vtm.model.task import Manifest
from vtm.ports.reading import Declared, Recorded
from vtm.sources.state import JsonState

_WHOLE = {Damage.UNREADABLE, Damage.CONFLICT_MARKERS, Damage.SCHEMA}


class Opened(NamedTuple):
    """What a backlog's source and store hold.

    Attributes:
        manifest_path: POSIX, relative to the root; so are `state_path` and `task_folder`.
        task_folder: Where task files are, or would be.
    """

    manifest_path: str
    state_path: str
    declared: Declared
    recorded: Recorded
    task_folder: str

    @classmethod
    def read(cls, project: Project, paths: Paths, *, thorough: bool) -> Self:
        """Read both; nothing is created but an index of task files."""
        declared = read_declared(project, paths, thorough=thorough)
        recorded = JsonState(project.root / paths.state, paths.state).load(thorough=thorough)
        return cls.of(paths, declared, recorded)

    @classmethod
    def of(cls, paths: Paths, declared: Declared, recorded: Recorded) -> Self:
        """What was read elsewhere."""
        return cls(paths.manifest, paths.state, declared, recorded, paths.tasks)

    @property
    def defects(self) -> list[Defect]:
        """What is wrong with either file."""
        return [*self.declared.defects, *self.recorded.defects]

    def no_backlog(self) -> UnreadableError:
        """The error of a project without a backlog that vtm can read."""
        message = (
            f"there is no backlog: {self.manifest_path} does not exist, and {self.task_folder} holds no tasks"
        )
        fix = (
            "run `vtm init` for a starter backlog, `vtm add` for a first task, "
            "or name the files in vtm.toml under [paths]"
        )
        return UnreadableError(message, code="BLOCKED::MANIFEST-MISSING", path=self.manifest_path, fix=fix)

    def rest(self) -> Backlog:
        """What is left to judge: an empty manifest or state stands for one that is damaged as a whole."""
        return Backlog(
            self.declared.manifest or Manifest(()),
            self.recorded.state if self.recorded.state and self.declared.manifest else State(),
            manifest_path=self.manifest_path,
            state_path=self.state_path,
            origins=self.declared.origins,
            defects=self.defects,
        )

    def whole_or_beginning(self) -> Backlog:
        """The backlog; where there is none, one without tasks, with the state that is there.

        Raises:
            UnreadableError: One of its files is damaged as a whole.
        """
        self.refuse_damage()
        if not self.declared.missing:
            return self.rest()
        state = self.recorded.state or State()
        return Backlog(Manifest(()), state, manifest_path=self.manifest_path, state_path=self.state_path)

    def whole(self) -> Backlog:
        """The backlog.

        Raises:
            UnreadableError: There is none, or one of its files is damaged as a whole.
        """
        if self.declared.missing:
            raise self.no_backlog()
        self.refuse_damage()
        return self.rest()

    def refuse_damage(self) -> None:
        """Let nothing pass that is damaged as a whole; what is missing is not damaged.

        Raises:
            UnreadableError: One of the files is damaged as a whole.
        """
        if self.declared.manifest is None and not self.declared.missing:
            raise _damaged(self.declared.defects)
        if self.recorded.state is None:
            raise _damaged(self.recorded.defects)


def no_manifest(paths: Paths) -> UnreadableError:
    """The error of a project whose tasks are all files."""
    return UnreadableError(
        f"there is no manifest to hash or to change: {paths.manifest} does not exist, "
        f"and all tasks are files in {paths.tasks}",
        code="NO-MANIFEST",
        path=paths.manifest,
        fix="task files need none; `vtm add --to manifest` or `vtm convert manifest --apply` creates one",
    )


def _damaged(defects: Sequence[Defect]) -> UnreadableError:
    """The error of a file that is damaged as a whole."""
    defect = next(each for each in defects if each.damage in _WHOLE)
    where = defect.location
    return UnreadableError(
        defect.message if where.path in defect.message else f"{where.path} {defect.message}",
        code=defect.damage.value,
        path=where.path,
        line=where.line or 1,
        column=where.column or 1,
        fix=defect.fix,
    )
