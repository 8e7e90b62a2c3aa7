"""Reads task files, many of them on all processors."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from vtm.sources.files import unreadable
from vtm.sources.index import Kept
from vtm.sources.markdown_task import read_task
from vtm.sources.task_files import Seen

_TRIES = 3
_PIECE = 1 << 20
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_FEW = 1000
"""So many files are read before another process has even begun."""
_MOST = 8

Found = dict[str, Kept | None]
"""What files hold, by path; None: it is gone by now."""

_decoder = msgspec.msgpack.Decoder(Found)


class _Share(NamedTuple):
    """Files that another process reads; `pipe` brings what it found."""

    names: Sequence[str]
    process: int
    pipe: int


def read_files(root: str, wanted: Mapping[str, Seen]) -> Found:
    """What the files `wanted` hold, whose paths are relative to `root`, which ends in a separator."""
    names = list(wanted)
    count = 1 if len(names) < _FEW or not _may_fork() else min(os.cpu_count() or 1, _MOST)
    shares = [_handed_over(root, wanted, names[at::count]) for at in range(1, count)]
    found = _read_here(root, wanted, names[::count])
    for share in shares:
        found |= _collected(root, wanted, share)
    return found


def _may_fork() -> bool:
    """Whether this process can be doubled: that is only safe while it has one thread."""
    threading = sys.modules.get("threading")
    return hasattr(os, "fork") and (threading is None or threading.active_count() == 1)


def _handed_over(root: str, wanted: Mapping[str, Seen], names: Sequence[str]) -> _Share:
    out, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        return _Share(names, process, out)
    code = 1
    try:
        os.close(out)
        with os.fdopen(into, "wb") as pipe:
            pipe.write(msgspec.msgpack.encode(_read_here(root, wanted, names)))
        code = 0
    finally:
        os._exit(code)


def _collected(root: str, wanted: Mapping[str, Seen], share: _Share) -> Found:
    """What another process has read; if it failed, it is done here."""
    with os.fdopen(share.pipe, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(share.process, 0)
    return _read_here(root, wanted, share.names) if status else _decoder.decode(data)


def _read_here(root: str, wanted: Mapping[str, Seen], names: Sequence[str]) -> Found:
    return {name: _read(root + name, name, wanted[name]) for name in names}


def _read(path: str, name: str, seen: Seen) -> Kept | None:
    """What a file holds; it is read again where it changes meanwhile. None: it is gone by now."""
    for _ in range(_TRIES):
        read_at = time.time_ns()
        try:
            data, then = _bytes(path, seen.size)
        except FileNotFoundError:
            return None
        except OSError as error:
            what = f"cannot be read: {(error.strerror or 'failed').lower()}"
            return Kept(seen, 0, None, (unreadable(name, what, "make it readable"),))
        if then == seen:
            found = read_task(name, data)
            return Kept(seen, read_at, found.task, found.defects)
        seen = then
    changing = unreadable(name, "changes while it is read", "read it again when nobody writes to it")
    return Kept(seen, 0, None, (changing,))


def _bytes(path: str, size: int) -> tuple[bytes, Seen]:
    """What is in a file that seems to hold `size` bytes, and what the system says of it once that is read."""
    handle = os.open(path, os.O_RDONLY | _FLAGS)
    try:
        data = os.read(handle, size + 1)
        if len(data) != size:
            data = b"".join((data, *iter(lambda: os.read(handle, _PIECE), b"")))
        return data, Seen.of(os.fstat(handle))
    finally:
        os.close(handle)
