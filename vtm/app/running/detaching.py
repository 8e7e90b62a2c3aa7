"""Lets something go on in a process of its own, once it has said how it began."""

import os
from collections.abc import Callable

import msgspec

from vtm.errors import ExitCode, ExternalError, VtmError

Say = Callable[["Beginning"], None]


class Beginning(msgspec.Struct, frozen=True):
    """How it began.

    Attributes:
        session: Id of the session; empty: there is none.
        started: Whether it was started just now.
        message: Why there is none; with `code`, `fix` and exit code.
    """

    session: str = ""
    started: bool = False
    message: str = ""
    code: str = ""
    fix: str = ""
    exit_code: int = 0

    def refuse(self) -> None:
        """Let nothing go on that did not begin.

        Raises:
            VtmError: It did not.
        """
        if not self.session:
            error = VtmError(self.message, code=self.code, fix=self.fix)
            error.exit_code = ExitCode(self.exit_code)
            raise error


def failed(error: VtmError) -> Beginning:
    """How something began that did not."""
    return Beginning("", False, error.message, error.code, error.fix, int(error.exit_code))


def detached(work: Callable[[Say], None]) -> Beginning:
    """Let `work` go on in a process that outlives this one; how it began, which it says once.

    This process must have no other thread: what it holds in memory is copied.

    Raises:
        ExternalError: No process can be started, or it ended without a word.
    """
    ours, theirs = os.pipe()
    try:
        child = os.fork()
    except OSError as error:
        raise _lost(error.strerror or "it failed") from None
    if not child:
        _go_on(work, theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        said = told.readline()
    if not said:
        os.waitpid(child, 0)
        raise _lost("it ended at once")
    return msgspec.json.decode(said, type=Beginning)


def _go_on(work: Callable[[Say], None], theirs: int) -> None:
    """Be the other process; this does not return."""
    code = ExitCode.BUG
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        said = os.fdopen(theirs, "wb", buffering=0)

        def say(beginning: Beginning) -> None:
            if not said.closed:
                said.write(msgspec.json.encode(beginning) + b"\n")
                said.close()

        try:
            work(say)
        except VtmError as error:
            say(failed(error))
        code = ExitCode.OK
    finally:
        os._exit(code)


def _lost(reason: str) -> ExternalError:
    return ExternalError(
        f"the process that attends to the session cannot be started: {reason}",
        code="SPAWN-FAILED",
        fix="run it with --wait to see what is wrong",
    )
