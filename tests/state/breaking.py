"""Lets the n-th call of this process that changes a file fail, or end the process."""

import functools
import os
from typing import NamedTuple

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KILLED = 137


class Fault(NamedTuple):
    """What is to happen at the `nth` call, from 1.

    Attributes:
        kind: `before` and `after` end the process; `error` raises, and `lasting` does so from then on.
        error: Number of the error.
    """

    nth: int
    kind: str
    error: int = 0


class Calls:
    """Counts the calls; `reached` says whether the fault has happened."""

    def __init__(self, fault):
        self.fault = fault
        self.count = 0

    @property
    def reached(self):
        return self.count >= self.fault.nth

    def counted(self, function, applies=lambda *_: True):
        @functools.wraps(function)
        def wrapped(*given, **named):
            if not applies(*given):
                return function(*given, **named)
            self.count += 1
            now = self.count == self.fault.nth
            lasting = self.fault.kind == "lasting" and self.reached
            if lasting or (self.fault.kind == "error" and now):
                raise OSError(self.fault.error, os.strerror(self.fault.error))
            if self.fault.kind == "before" and now:
                os._exit(KILLED)
            try:
                return function(*given, **named)
            finally:
                if self.fault.kind == "after" and now:
                    os._exit(KILLED)

        return wrapped


class Written:
    """A file whose writes are counted."""

    def __init__(self, file, calls):
        self._file = file
        self.write = calls.counted(file.write)
        self.flush = calls.counted(file.flush)

    def __enter__(self):
        self._file.__enter__()
        return self

    def __exit__(self, *error):
        return self._file.__exit__(*error)

    def __getattr__(self, name):
        return getattr(self._file, name)


def break_at(fault):
    """Let `fault` happen to this process, for the rest of its life."""
    calls = Calls(fault)
    for name in ("write", "fsync", "replace", "ftruncate", "link"):
        setattr(os, name, calls.counted(getattr(os, name)))
    os.open = calls.counted(os.open, lambda _, flags, *__: flags & WRITING)
    fdopen = os.fdopen
    os.fdopen = lambda *given, **named: Written(fdopen(*given, **named), calls)
    return calls
