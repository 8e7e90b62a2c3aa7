"""What an agent printed last, and when, without reading all that it printed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vtm.runners.keeper.log import PIECE

_READ = 4096
"""Bytes of the end that are looked at: of a longer line only its end is known."""


class Lately(NamedTuple):
    """The last line that is not blank, and when something was last printed.

    Attributes:
        at: None: nothing was printed, or nobody knows.
    """

    said: str = ""
    at: datetime | None = None


def lately(place: Path) -> Lately:
    """What the agent in `place` printed last."""
    at = None
    try:
        pieces = sorted(place.glob(f"{PIECE}[0-9]*"), reverse=True)  # their names are equally long
        for piece in pieces:
            at = at or datetime.fromtimestamp(piece.stat().st_mtime, UTC)
            lines = _end(piece).decode("utf-8", "replace").splitlines()
            said = next((line.strip() for line in reversed(lines) if line.strip()), "")
            if said:
                return Lately(said, at)
    except OSError:  # the keeper takes old pieces away
        return Lately("", at)
    return Lately("", at)


def _end(piece: Path) -> bytes:
    with piece.open("rb") as file:
        file.seek(max(0, piece.stat().st_size - _READ))
        return file.read(_READ)
