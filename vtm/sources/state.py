"""The state file, read only."""

from collections.abc import Sequence
from pathlib import Path

from vtm.model.finding import Defect
from vtm.model.state import State
from vtm.ports.reading import Recorded, StateStore
from vtm.sources.decoder import decode
from vtm.sources.files import Missing, read_bytes


class JsonState(StateStore):
    """A state file.

    Attributes:
        name: Its path, POSIX and relative to the root: what findings call it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def load(self, *, thorough: bool) -> Recorded:
        """Read the state; a missing file is an empty state."""
        data = read_bytes(self.path, self.name)
        if isinstance(data, Missing):
            return Recorded(State())
        if isinstance(data, Defect):
            return Recorded(None, [data])
        return self.read(data, thorough=thorough)

    def read(self, data: bytes, *, thorough: bool) -> Recorded:
        """What is recorded in the bytes of a state file."""
        state = decode(data, State)
        if state is not None:
            return Recorded(state, self._repeated_keys(data) if thorough else ())
        from vtm.sources.state_salvage import salvage  # noqa: PLC0415  2 ms that sound files save

        return salvage(self.name, data, thorough=thorough)

    def _repeated_keys(self, data: bytes) -> Sequence[Defect]:
        from vtm.sources.document import Document  # noqa: PLC0415  2 ms that questions save

        return Document(self.name, data, "task-state").repeated_keys()
