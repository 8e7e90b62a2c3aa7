"""What was read of task files, kept so that a file that did not change need not be read again."""

import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import msgspec

from vtm import __version__
from vtm.model.finding import Defect
from vtm.model.task import Criterion, FileTask
from vtm.sources.task_files import Seen

NAME = "task-files.index"

_FORMAT = 1
_MADE_BY = repr((_FORMAT, __version__, FileTask.__struct_fields__, Criterion.__struct_fields__))
"""An index that anything else wrote is not read."""

_CHECK = 4
_SECOND = 1_000_000_000
_FINE, _COARSE = _SECOND // 20, 2 * _SECOND
"""Of two changes that are nearer, both may have one time: where it has fractions of seconds, where not."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What was read of one file; without a task and without a defect it is no task file.

    Attributes:
        read_at: When, in nanoseconds; a file whose time is no earlier may have changed since.
    """

    seen: Seen
    read_at: int
    task: FileTask | None
    defects: tuple[Defect, ...] = ()

    def is_of(self, seen: Seen) -> bool:
        """Whether it surely is what a file holds that looks like `seen`."""
        if self.seen != seen:
            return False
        newest = max(seen.mtime_ns, seen.ctime_ns)  # the first can be set at will, and then tells nothing
        if newest + _COARSE < self.read_at:
            return True
        fine = seen.mtime_ns % _SECOND and seen.ctime_ns % _SECOND
        return bool(fine) and newest + _FINE < self.read_at


class _Index(msgspec.Struct, frozen=True, array_like=True):
    made_by: str
    folder: str
    files: dict[str, Kept]


_decoder = msgspec.msgpack.Decoder(_Index)
_encoder = msgspec.msgpack.Encoder()


def load_index(runtime: Path, folder: str) -> dict[str, Kept]:
    """What is kept of the task files in `folder`, by path; empty where there is nothing that can be used."""
    try:
        data = (runtime / NAME).read_bytes()
    except OSError:
        return {}
    body = memoryview(data)[_CHECK:]
    if crc32(body).to_bytes(_CHECK, "big") != data[:_CHECK]:
        return {}
    try:
        index = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return index.files if (index.made_by, index.folder) == (_MADE_BY, folder) else {}


def save_index(runtime: Path, folder: str, files: dict[str, Kept]) -> None:
    """Keep `files` for later; where that is impossible, the next reading is slower and nothing else.

    Others find the old index or the new one, whole; of two writers the later one counts.
    """
    body = _encoder.encode(_Index(_MADE_BY, folder, files))
    temporary = runtime / f".{NAME}.{os.getpid()}.tmp"
    with suppress(OSError):
        runtime.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(crc32(body).to_bytes(_CHECK, "big") + body)
            temporary.replace(runtime / NAME)
        finally:
            temporary.unlink(missing_ok=True)
