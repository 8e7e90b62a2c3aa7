"""Reads task files, many of them on all processors."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from errno import EFBIG, EINVAL
from stat import S_ISREG
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
_LARGEST = 64 << 20
"""More is no text that somebody wrote."""

Found = dict[str, Kept | None]
"""What files hold, by path; None: it is gone by now."""

_decoder = msgspec.msgpack.Decoder(Found)


class _Share(NamedTuple):
    """Files that another process reads; `pipe` brings what it found. Without a process, nobody reads them."""

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
    try:
        process = os.fork()
    except OSError:  # there are as many processes as there may be
        os.close(out)
        os.close(into)
        return _Share(names, 0, -1)
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
    if not share.process:
        return _read_here(root, wanted, share.names)
    with os.fdopen(share.pipe, "rb") as pipe:
        data = pipe.read()
    with suppress(ChildProcessError):  # where SIGCHLD is ignored, the system has forgotten it already
        os.waitpid(share.process, 0)
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError:  # it did not get to the end
        return _read_here(root, wanted, share.names)


def _read_here(root: str, wanted: Mapping[str, Seen], names: Sequence[str]) -> Found:
    return {name: _read(root + name, name, wanted[name]) for name in names}


def _read(path: str, name: str, seen: Seen) -> Kept | None:
    """What a file holds; it is read again where it changes meanwhile. None: it is gone by now."""
    expected: Seen | None = seen
    for _ in range(_TRIES):
        read_at = time.time_ns()
        try:
            found = _bytes(path, expected)
        except FileNotFoundError:
            return None
        except OSError as error:
            what = f"cannot be read: {(error.strerror or 'failed').lower()}"
            return Kept(seen, 0, None, (unreadable(name, what, "make it readable"),))
        if found is not None:
            task = read_task(name, found[0])
            return Kept(found[1], read_at, task.task, task.defects)
        expected = None
    changing = unreadable(name, "changes while it is read", "read it again when nobody writes to it")
    return Kept(seen, 0, None, (changing,))


def _bytes(path: str, expected: Seen | None) -> tuple[bytes, Seen] | None:
    """What is in a file that should be as `expected`, and how it is; None: it is not so, or changes.

    Without `expected` any file will do: one that is replaced all the time is whole each time.
    """
    handle = os.open(path, os.O_RDONLY | _FLAGS)
    try:
        before = expected if expected and expected.size <= _LARGEST else _seen(handle)
        data = os.read(handle, before.size + 1)
        after = _seen(handle)
        if after == before and len(data) < after.size:  # the system does not read more than 2 GB at once
            data = b"".join((data, *iter(lambda: os.read(handle, _PIECE), b"")))
            after = _seen(handle)
        return (data, after) if after == before else None
    finally:
        os.close(handle)


def _seen(handle: int) -> Seen:
    status = os.fstat(handle)
    if not S_ISREG(status.st_mode):
        raise OSError(EINVAL, "Not a regular file")
    if status.st_size > _LARGEST:
        raise OSError(EFBIG, f"Larger than {_LARGEST >> 20} megabytes")
    return Seen.of(status)
