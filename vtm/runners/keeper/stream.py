"""One of the two streams of an agent, on its way into the log."""

import codecs
import os
from collections.abc import Sequence

from vtm.runners.keeper.log import Log
from vtm.runners.keeper.masking import Masker, without_tokens

_READ = 1 << 18
_LINE = 1 << 20
"""A line that is longer is written in parts, between which a line of the other stream may come."""


class Stream:
    """Reads from a pipe, and hands whole lines to the log: masked, and as UTF-8 whatever they were.

    Attributes:
        handle: Of the pipe; -1: it is over.
        read: Bytes that came.
    """

    def __init__(self, handle: int, secrets: Sequence[tuple[bytes, bytes]], log: Log) -> None:
        self.handle = handle
        self.read = 0
        self._masker = Masker(secrets)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._log = log
        self._begun: list[bytes] = []
        self._length = 0

    def take(self) -> bool:
        """Read what is there; False where nothing was, and where the stream is over."""
        try:
            data = os.read(self.handle, _READ)
        except BlockingIOError:
            return False
        self.read += len(data)
        if data:
            self._lines(self._masker.feed(data))
        else:
            self.close()
        return bool(data)

    def close(self) -> None:
        """Read no more, and write what is not written yet, as a line."""
        if self.handle == -1:
            return
        os.close(self.handle)
        self.handle = -1
        self._lines(self._masker.end())
        if self._length:
            self._lines(b"\n")

    def _lines(self, data: bytes) -> None:
        whole, newline, begun = data.rpartition(b"\n")
        if newline:
            self._write(b"".join([*self._begun, whole, newline]))
            self._begun, self._length = [], 0
        if begun:
            self._begun.append(begun)
            self._length += len(begun)
        if self._length > _LINE:
            self._write(b"".join(self._begun))
            self._begun, self._length = [], 0

    def _write(self, data: bytes) -> None:
        data = without_tokens(data)
        if not data.isascii() or self._decoder.getstate()[0]:
            data = self._decoder.decode(data).encode()
        self._log.write(data)
