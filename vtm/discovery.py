"""Where things are: the project's root, the caller's worktree, the schemas that ship with vtm."""

from pathlib import Path
from typing import NamedTuple

MANIFEST = "docs/backlog/virtual-task-manifest.json"
SETTINGS = "vtm.toml"


class Project(NamedTuple):
    """The folders one command works with.

    Attributes:
        root: Holds backlog, state and settings; in a linked worktree the main worktree's folder.
        work: The caller's own checkout of the same folder, against which references resolve.
        repository: The main worktree's top level; None outside git.
    """

    root: Path
    work: Path
    repository: Path | None


def find_project(start: Path) -> Project:
    """Find the project that `start` lies in.

    The nearest folder at or above `start` that holds `vtm.toml` or a manifest is the root; the search
    ends at the top of the git worktree. Without either, the top of the worktree, else `start`, is it.
    """
    start = start.absolute()
    top = next((at for at in (start, *start.parents) if (at / ".git").exists()), None)
    inside = [at for at in (start, *start.parents) if top is None or at == top or top in at.parents]
    marked = (at for at in inside if (at / SETTINGS).is_file() or (at / MANIFEST).exists())
    work = next(marked, top or start)
    if top is None:
        return Project(work, work, None)
    main = main_worktree(top)
    return Project(main / work.relative_to(top), work, main)


def main_worktree(top: Path) -> Path:
    """The main worktree of the repository that the worktree at `top` belongs to.

    Source: gitrepository-layout(5): in a linked worktree `.git` is a file that names its git directory,
    and `commondir` in there leads to the common one. A submodule has no `commondir` and is its own main.
    """
    pointer = top / ".git"
    if not pointer.is_file():
        return top
    git_dir = top / pointer.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
    common = git_dir / "commondir"
    if not common.is_file():
        return top
    common_dir = (git_dir / common.read_text("utf-8", "replace").strip()).resolve()
    return common_dir.parent if common_dir.name == ".git" else top


def schema_folder() -> Path:
    """The folder of `*.schema.json`: `vtm/_schemas` in an installed wheel, `schemas/` in a checkout."""
    package = Path(__file__).parent
    shipped = package / "_schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"
