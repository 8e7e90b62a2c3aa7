"""The files that vtm commits, as git names them."""

from pathlib import Path, PurePosixPath
from typing import NamedTuple

from vtm.app.app import App


class OwnFiles(NamedTuple):
    """Paths relative to the top level of the repository, POSIX.

    Attributes:
        folder: Of the project; empty: it is the top level itself.
    """

    state: str
    journal: str
    folder: str


def own_files(app: App, top: Path | None = None) -> OwnFiles:
    """State and journal of the project at hand; `top` stands for its repository where that is unknown."""
    root, paths = app.project.root, app.settings.paths
    above = app.project.repository or top or root
    below = PurePosixPath(root.relative_to(above).as_posix() if root.is_relative_to(above) else ".")
    folder = "" if below == PurePosixPath() else below.as_posix()
    return OwnFiles((below / paths.state).as_posix(), (below / paths.journal).as_posix(), folder)
