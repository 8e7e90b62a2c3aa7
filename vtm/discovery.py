"""Where things are: the project's root, the caller's worktree, the schemas that ship with vtm."""

import re
from pathlib import Path
from typing import NamedTuple

MANIFEST = "docs/backlog/virtual-task-manifest.json"
SETTINGS = "vtm.toml"
TASKS = "tasks"
DATABASE = "runtime.db"
_CORE = r"(?im)^\s*(bare|worktree)\s*=\s*(.*?)\s*$"


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
    ends at the top of the git worktree. Where there is neither, it is the nearest with Markdown in a folder
    `tasks`; without that, the top of the worktree, else `start`.
    In a linked worktree it is the main one that is searched, at the same places.

    Raises:
        OSError: `start` is relative and the current folder is gone.
    """
    start = start.resolve()
    top = next((at for at in (start, *start.parents) if _exists(at / ".git")), None)
    if top is None:
        above = (start, *start.parents)
        root = next(filter(_is_marked, above), None) or next(filter(_has_task_files, above), start)
        return Project(root, root, None)
    main = main_worktree(top)
    inside = [at.relative_to(top) for at in (start, *start.parents) if at.is_relative_to(top)]
    below = next((each for each in inside if _is_marked(main / each)), None)
    if below is None:
        below = next((each for each in inside if _has_task_files(main / each)), Path())
    return Project(main / below, top / below, main)


def runtime_folder(project: Project) -> Path:
    """Where vtm keeps what is never committed: below the common git directory, outside git in `.vtm`.

    A project that is not at the top of its repository has a folder of its own there, and so has a linked
    worktree that is looked at as if it were the main one.
    """
    if project.repository is None:
        return project.root / ".vtm"
    folder = common_dir(project.repository) / "vtm"
    if project.root.is_relative_to(project.repository):
        return folder / project.root.relative_to(project.repository)
    return folder / f"worktree-{project.root.name}"


def common_dir(top: Path) -> Path:
    """The git directory that all worktrees of the repository at `top` share.

    Source: gitrepository-layout(5).
    """
    pointer = _text(top / ".git")
    if not pointer.startswith("gitdir: "):
        return top / ".git"
    git_dir = (top / pointer.removeprefix("gitdir: ").rstrip("\r\n")).resolve()
    common = _text(git_dir / "commondir").rstrip("\r\n")
    return (git_dir / common).resolve() if common else git_dir


def main_worktree(top: Path) -> Path:
    """The main worktree of the repository that the worktree at `top` belongs to.

    A bare repository has none: each of its worktrees is its own. So is a submodule's checkout.

    Source: gitrepository-layout(5): in a linked worktree `.git` is a file that names its git directory,
    and `commondir` in there leads to the common one; its `config` tells what is not where it usually is.
    """
    pointer = _text(top / ".git")
    if not pointer.startswith("gitdir: "):
        return top
    git_dir = top / pointer.removeprefix("gitdir: ").rstrip("\r\n")
    common = _text(git_dir / "commondir").rstrip("\r\n")
    if not common:
        return top
    common_dir = (git_dir / common).resolve()
    settings = _text(common_dir / "config") + "\n" + _text(common_dir / "config.worktree")
    core: dict[str, str] = {key.lower(): value for key, value in re.findall(_CORE, settings)}
    if core.get("worktree"):
        return (common_dir / core["worktree"].strip('"')).resolve()
    if core.get("bare", "").lower() == "true" or common_dir.name != ".git":
        return top
    return common_dir.parent


def _is_marked(folder: Path) -> bool:
    return _exists(folder / SETTINGS) or _exists(folder / MANIFEST)


def _has_task_files(folder: Path) -> bool:
    """Whether its folder of task files, under the name that it has without settings, holds any Markdown."""
    try:
        return (folder / TASKS).is_dir() and next((folder / TASKS).rglob("*.md"), None) is not None
    except OSError:
        return False


def _exists(path: Path) -> bool:
    """Whether something is there, as far as that may be known."""
    try:
        return path.exists()
    except OSError:
        return False


def _text(file: Path) -> str:
    """What is in a small file of git's; empty where there is none."""
    try:
        return file.read_text("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return ""


def schema_folder() -> Path:
    """The folder of `*.schema.json`: `vtm/_schemas` in an installed wheel, `schemas/` in a checkout."""
    package = Path(__file__).parent
    shipped = package / "_schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"
