"""Creates files, whole or not at all, and never over one that exists."""

import os
import tempfile
from pathlib import Path

from vtm.errors import VtmError


class NotCreatedError(VtmError):
    """A file cannot be created."""


def create(path: Path, data: bytes, root: Path) -> bool:
    """Create `path` with `data`; False where something is there already, which stays as it is.

    The file appears under its name only when it is complete, also when two processes create it at once.

    Raises:
        NotCreatedError: It would lie outside `root`, or the system refuses.
    """
    name = path.relative_to(root).as_posix()
    if not path.parent.resolve().is_relative_to(root.resolve()):
        raise _refused(name, "its folder leads out of the project")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _link(path, data)
    except FileExistsError:
        raise _refused(name, "a file stands where its folder should be") from None
    except OSError as error:
        raise _refused(name, (error.strerror or "the system refuses").lower()) from None


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


def _refused(name: str, reason: str) -> NotCreatedError:
    return NotCreatedError(
        f"{name} cannot be created: {reason}",
        code="NOT-CREATED",
        path=name,
        fix="make room for it and run it again",
    )
