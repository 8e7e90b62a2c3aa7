"""Creates files, whole or not at all, and never over one that exists."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from vtm.errors import VtmError


class NotCreatedError(VtmError):
    """A file cannot be created."""

    @classmethod
    def because(cls, name: str, reason: str, fix: str) -> Self:
        """The error for the file `name`; `reason` completes the sentence."""
        return cls(f"{name} cannot be created: {reason}", code="NOT-CREATED", path=name, fix=fix)

    def after(self, created: Sequence[str]) -> Self:
        """The same error when it came after other files had been created."""
        message = f"{self.message}; created before: {', '.join(created) or 'nothing'}"
        return type(self)(message, code=self.code, path=self.path, fix=self.fix)


def create(root: Path, name: str, data: bytes) -> bool:
    """Create the file `name` below `root`; False where something is there already, which stays as it is.

    The file appears under its name only when it is complete, also when two processes create it at once.

    Raises:
        NotCreatedError: It would lie outside `root`, or the system refuses.
    """
    path = root / name
    try:
        if not path.parent.resolve().is_relative_to(root.resolve()):
            outside = "its folder leads out of the project"
            raise NotCreatedError.because(name, outside, "give it a place inside, see [paths] in vtm.toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        if _link(path, data):
            return True
        if path.exists():
            return False
    except (FileExistsError, NotADirectoryError):
        in_the_way = "a file stands where its folder should be"
        raise NotCreatedError.because(name, in_the_way, "move that file away and run it again") from None
    except (OSError, RuntimeError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise NotCreatedError.because(name, reason, "make its folder writable and run it again") from None
    nowhere = "a symbolic link that leads nowhere stands in its place"
    raise NotCreatedError.because(name, nowhere, "remove that link and run it again")


def _link(path: Path, data: bytes) -> bool:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        return True
    finally:
        Path(temporary).unlink()
