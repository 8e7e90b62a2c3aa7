"""Keeps the beginning and the end of what is printed, within a number of bytes."""

import os
from contextlib import suppress

PIECE = "output."
"""Pieces of the log are called this and the position of their first byte; a gap between two is missing."""
_LEAST = 1024
"""A piece smaller than this is not worth a file: then only the beginning is kept."""


class Log:
    """Writes pieces: the first has half of what may be kept; of later ones, a quarter each, two stay.

    A disk that is full loses what does not fit on it, and nothing else.

    Attributes:
        written: Bytes that were handed in.
    """

    def __init__(self, folder: str, most: int) -> None:
        """Keep at most `most` bytes in `folder`."""
        self._folder = folder
        self._quarter = most // 4 if most // 4 >= _LEAST else 0
        self._room = most - 2 * self._quarter
        self._handle = -1
        self._open(0)
        self._later: list[str] = []
        self.written = 0

    def write(self, data: bytes) -> None:
        """Put `data` behind what is there."""
        rest = memoryview(data)
        while rest:
            if not self._room and self._quarter:
                self._turn()
            part = rest[: self._room] if self._quarter else rest
            self._put(part[: self._room])
            self.written += len(part)
            rest = rest[len(part) :]

    def close(self) -> None:
        """Write no more."""
        if self._handle != -1:
            os.close(self._handle)
            self._handle = -1

    def _put(self, part: memoryview) -> None:
        self._room -= len(part)
        try:
            while part and self._handle != -1:
                part = part[os.write(self._handle, part) :]
        except OSError:
            self._room = 0  # what comes next has a piece of its own, so that the gap is seen

    def _turn(self) -> None:
        """Begin a new piece, and remove the oldest one of those that come and go."""
        self.close()
        self._later.append(self._open(self.written))
        self._room = self._quarter
        if len(self._later) > 2:
            with suppress(OSError):
                os.unlink(self._later.pop(0))  # noqa: PTH108  pathlib: 10 ms in a process that must start fast

    def _open(self, offset: int) -> str:
        path = f"{self._folder}/{PIECE}{offset:015}"
        with suppress(OSError):
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        return path
