"""Where backlogs come from."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from vtm.model.finding import Damage, Defect, Location
from vtm.model.state import State
from vtm.model.task import Manifest


class Declared(NamedTuple):
    """What a source holds.

    Attributes:
        manifest: None where the source is missing or damaged as a whole.
        missing: Whether there is no source at all.
        origins: Where each task of the manifest is declared; empty: by its position.
    """

    manifest: Manifest | None
    defects: Sequence[Defect] = ()
    origins: Sequence[Location] = ()
    missing: bool = False


class Recorded(NamedTuple):
    """What a store holds; `state` is None where it is damaged as a whole."""

    state: State | None
    defects: Sequence[Defect] = ()

    @property
    def damaged(self) -> dict[str, Defect]:
        """Tasks whose entries cannot be read as they are, and why."""
        return {each.task_id: each for each in self.defects if each.damage is Damage.SCHEMA and each.task_id}


class TaskSource(Protocol):
    """Where tasks are declared."""

    @abstractmethod
    def load(self, *, thorough: bool) -> Declared:
        """Read all tasks; `thorough` also looks for what changes no answer, such as repeated keys."""


class StateStore(Protocol):
    """Where the state of tasks is kept."""

    @abstractmethod
    def load(self, *, thorough: bool) -> Recorded:
        """Read the state; a missing store is an empty one and is not created."""
