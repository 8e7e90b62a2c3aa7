"""Text that a user names: a file, or `-` for standard input."""

from pathlib import Path

from vtm.cli.stdin import STDIN, read_stdin
from vtm.errors import UnreadableError, WrongUsageError
from vtm.model.finding import Defect
from vtm.sources.files import Missing, read_bytes

_LARGEST = 32_000_000


def read_named(folder: Path, file: str) -> tuple[str, bytes]:
    """What messages call `file`, whose path is relative to `folder`, and what is in it.

    Raises:
        UnreadableError: It cannot be read.
        WrongUsageError: It is far too large.
    """
    name = STDIN if file == "-" else file
    data = read_stdin() if file == "-" else read_bytes(folder / file, name)
    if isinstance(data, Missing):
        raise UnreadableError(
            f"there is no file {name}", code="UNREADABLE-FILE", fix="name one that is there"
        )
    if isinstance(data, Defect):
        raise UnreadableError(data.message, code="UNREADABLE-FILE", fix=data.fix)
    if len(data) > _LARGEST:
        raise WrongUsageError(
            f"{name} is larger than {_LARGEST // 1_000_000} MB", code="TOO-LARGE", fix="give only its end"
        )
    return name, data
