"""Has keepers started, by a process that does nothing else and is quicker at it than this one would be."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from vtm.errors import ExternalError
from vtm.runners.keeper.place import MARK, NURSERY

_CODE = "import sys; sys.path.append(sys.argv.pop()); from vtm.runners.keeper.nursery import main; main()"
_TOP = Path(__file__).parents[2]


class Nursery:
    """A process that starts keepers; it is ended by `close`, and by the end of this one, and they live on."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            ExternalError: No process can be started.
        """
        self._lock = threading.Lock()
        self._over = False
        self._start()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the keeper that is started for it answers; one after another.

        Where the process was ended by somebody, another one is asked: a place is used once, so that nothing
        is started twice.

        Raises:
            ExternalError: There is no answer from either, or this is closed.
        """
        line = json.dumps(asked).encode() + b"\n"
        with self._lock:
            found = self._answer(line)
            if not found and not self._over:
                self._end()
                self._start()
                found = self._answer(line)
        if not found:
            raise failed("the process that starts it ended")
        return found

    def close(self) -> None:
        """End it."""
        with self._lock:
            self._over = True
            self._end()

    def _start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != MARK} | {NURSERY: "1"}
        try:
            mine, theirs = socket.socketpair()
            with theirs, ExitStack() as undone:
                undone.callback(mine.close)
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _CODE, str(_TOP)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    env=environment,
                )
                undone.pop_all()
        except OSError as error:
            raise failed(error.strerror or str(error)) from None
        self._mine, self._answers = mine, mine.makefile("rb")

    def _answer(self, line: bytes) -> dict[str, Any]:
        """What it answers; nothing: it is gone."""
        try:
            self._mine.sendall(line)
            answer: dict[str, Any] = json.loads(self._answers.readline() or b"{}")
        except (OSError, ValueError):
            return {}
        return answer

    def _end(self) -> None:
        self._answers.close()
        self._mine.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def failed(reason: str) -> ExternalError:
    """The error of an agent that cannot be started."""
    return ExternalError(
        f"the agent cannot be started: {reason}",
        code="AGENT-NOT-STARTED",
        fix="run its command by hand to see what is wrong, then try again",
    )
