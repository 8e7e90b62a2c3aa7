"""Renders templates in a process of its own; see `vtm.templates.worker`."""

import os
import subprocess
import sys
from collections.abc import Mapping
from threading import Timer
from typing import Any

from msgspec import DecodeError
from msgspec.json import decode, encode

from vtm.templates.failure import TemplateFailureError
from vtm.templates.worker import Done, Job
from vtm.templates.worker import Library as Sources

PATIENCE = 30.0
"""Seconds until a process that does not even answer is ended; its own limit is far below."""
_COMMAND = (sys.executable, "-P", "-m", "vtm.templates.worker")


class Apart:
    """A process that renders templates; it is started when it is first needed, and anew when it has ended."""

    def __init__(self, sources: Mapping[str, str], paths: Mapping[str, str]) -> None:
        self._library = Sources(dict(sources), dict(paths))
        self._process: subprocess.Popen[bytes] | None = None

    def rendered(self, file: str, values: Mapping[str, Any]) -> str:
        """What a template makes of `values`.

        Raises:
            TemplateFailureError: It cannot be rendered; the error names file and line.
        """
        done = self._asked(encode(Job(file, dict(values))))
        if done is None or done.hopeless:
            self.end()
        if done is None:
            path = self._library.paths.get(file, file)
            raise TemplateFailureError("it needs too much memory or time", path, 1, hopeless=True)
        if done.message:
            raise TemplateFailureError(done.message, done.path, done.line, hopeless=done.hopeless)
        return done.text

    def _asked(self, job: bytes) -> Done | None:
        """The answer to a job; None: the process ended without one."""
        process = self._process or self._started()
        timer = Timer(PATIENCE, process.kill)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                return None
            process.stdin.write(job + b"\n")
            process.stdin.flush()
            return decode(process.stdout.readline(), type=Done)
        except (OSError, DecodeError):
            return None
        finally:
            timer.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        process = subprocess.Popen(
            _COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
        )
        self._process = process
        if process.stdin is not None:
            process.stdin.write(encode(self._library) + b"\n")
        return process

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
