"""The files of a worktree that something is installed in."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vtm.integrations.install.part import LeftError
from vtm.stores.durable import replace_file


class Place:
    """The worktree at `work`, which nothing leaves."""

    def __init__(self, work: Path) -> None:
        self._work = work

    def real(self, name: str) -> str:
        """The name of the file that a symbolic link leads to, where it stays inside; else `name`."""
        path = self._work / name
        try:
            leads = path.is_symlink() and path.exists()
            return path.resolve().relative_to(self._work).as_posix() if leads else name
        except (ValueError, OSError, RuntimeError):
            return name

    def has(self, name: str) -> bool:
        """Whether there is something of this name."""
        return (self._work / name).exists()

    def read(self, name: str) -> bytes | None:
        """What is in a file; None where there is none.

        Raises:
            LeftError: It is no file of the worktree that can be read.
        """
        path = self._work / name
        try:
            if not path.resolve().is_relative_to(self._work):
                raise LeftError("a symbolic link leads out of the project")
            return path.read_bytes()
        except FileNotFoundError:
            if path.is_symlink():
                raise LeftError("a symbolic link that leads nowhere stands in its place") from None
            return None
        except NotADirectoryError:
            raise LeftError("a file stands where its folder should be") from None
        except (OSError, RuntimeError) as error:
            reason = str(getattr(error, "strerror", None) or error).lower()
            raise LeftError(f"it cannot be read: {reason}") from None

    def write(self, name: str, data: bytes) -> tuple[str, ...]:
        """Put `data` in its place; the folders that were made for it, the outermost first.

        Raises:
            OSError: It cannot be written.
        """
        above = [each for each in reversed(Path(name).parents) if not (self._work / each).exists()]
        replace_file(self._work / name, data)
        return tuple(each.as_posix() for each in above)

    def remove(self, name: str) -> None:
        """Remove a file.

        Raises:
            OSError: It cannot be removed.
        """
        (self._work / name).unlink()

    def remove_folders(self, names: Sequence[str]) -> None:
        """Remove those folders that are empty, the innermost first."""
        for name in sorted(set(names), key=lambda each: each.count("/"), reverse=True):
            with suppress(OSError):  # somebody has put something into it
                (self._work / name).rmdir()
