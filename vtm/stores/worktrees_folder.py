"""The folder of the project in which worktrees are made."""

from pathlib import Path

from vtm.stores.durable import refused

_IGNORED = "# What is in here are worktrees of tasks.\n*\n"


def kept_out_of_git(folder: Path) -> None:
    """Make `folder`, where it is missing, so that git takes nothing in it for files of the main worktree.

    Raises:
        NotWrittenError: The system refuses.
    """
    file = folder / ".gitignore"
    try:
        folder.mkdir(exist_ok=True)
        if not file.exists():
            file.write_text(_IGNORED, "utf-8")
    except OSError as error:
        raise refused(f"{folder.name}/{file.name}", error) from None
