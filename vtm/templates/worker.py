"""A process of its own for templates that do not ship with vtm: it can be ended, and it has little memory.

It reads lines of JSON from standard input: first the sources, then one job after the other. For each job it
writes one line. A job that takes too long ends the process, after it has said where the template was.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from msgspec import Struct
from msgspec.json import decode, encode

from vtm.model.plain import whole
from vtm.templates.failure import TemplateFailureError, spot_of_frame
from vtm.templates.sandbox import Sandbox, rendered

SECONDS = 1.0
"""Of processor time for one template."""
MEMORY = 512 * 2**20
"""Bytes of address space, where the system can limit that."""
_LOOKS = 0.05
"""Seconds between two looks at the clock."""


class Library(Struct, frozen=True):
    """Sources and shown paths of templates, by file."""

    sources: dict[str, str]
    paths: dict[str, str]


class Job(Struct, frozen=True):
    """A template to render, by file, with values."""

    file: str
    values: dict[str, object]


class Done(Struct, frozen=True):
    """What came of a job: `text`, or what went wrong and where."""

    text: str = ""
    message: str = ""
    path: str = ""
    line: int = 0
    hopeless: bool = False


def serve(
    asked: BinaryIO, answered: BinaryIO, watched: Callable[[Library, Job], AbstractContextManager[object]]
) -> None:
    """Do jobs until there are none; `watched` looks after one of them."""
    library = decode(asked.readline(), type=Library)
    sandbox = Sandbox(library.sources.get)
    for line in asked:
        job = decode(line, type=Job)
        with watched(library, job):
            done = _done(sandbox, library, job)
        _answer(answered, done)


def _done(sandbox: Sandbox, library: Library, job: Job) -> Done:
    try:
        text = rendered(sandbox, job.file, job.values, lambda file: library.paths.get(file, file))
        return Done(whole(text))
    except TemplateFailureError as error:
        return Done("", whole(error.message), error.path, error.line, error.hopeless)


def _answer(stream: BinaryIO, done: Done) -> None:
    stream.write(encode(done) + b"\n")
    stream.flush()


class _Watched:
    """Ends the process when a job takes too long; which of both answers, a lock decides."""

    def __init__(self, library: Library, job: Job) -> None:
        self._library = library
        self._job = job
        self._until = time.process_time() + SECONDS
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOKS):
            if time.process_time() > self._until:
                with self._lock:
                    if not self._ended.is_set():
                        self._give_up()

    def _give_up(self) -> None:
        frames = sys._current_frames()  # the only way to see where another thread is
        spot = spot_of_frame(frames.get(threading.main_thread().ident or 0))
        file, line = spot or (self._job.file, 1)
        what = f"it takes more than {SECONDS:g} s"
        path = self._library.paths.get(file, file)
        _answer(sys.stdout.buffer, Done("", what, path, line, hopeless=True))
        os._exit(0)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415  there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer, _Watched)
