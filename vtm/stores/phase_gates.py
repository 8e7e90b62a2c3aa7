"""How the gates of phases ended, in the database of what runs now."""

from pathlib import Path

from vtm.model.phase_gate import GateRun, Side
from vtm.stores.database import Database, row_of


class SqlitePhaseGates:
    """The gates in the database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "phase_gates")

    def all(self) -> dict[tuple[str, Side], GateRun]:
        """How each gate that ever ran ended last.

        Raises:
            ExternalError: The database cannot be used.
        """
        return {(each.phase, each.side): each for each in self._database.records("all", GateRun)}

    def keep(self, run: GateRun) -> None:
        """Remember how a gate ended.

        Raises:
            ExternalError: The database cannot be used.
        """
        self._database.change("keep", row_of(run))
