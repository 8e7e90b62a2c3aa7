"""What can go wrong in a way that the user can act on, and the exit code of each."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command.

    Source: README, "Exit codes".
    """

    OK = 0
    NO = 1
    USAGE = 2
    UNREADABLE = 3
    CONFLICT = 4
    EXTERNAL = 5
    BUG = 70


class VtmError(Exception):
    """A failure with a way out.

    Attributes:
        message: What is wrong, one sentence.
        code: The code a program can match on, such as `BLOCKED::MANIFEST-MISSING`.
        path: The file concerned, POSIX and relative to the root; empty where there is none.
        line: Line in `path`, from 1; 0 where unknown.
        column: Column in code points, from 1; 0 where unknown.
        fix: What to do about it.
    """

    exit_code = ExitCode.NO

    def __init__(
        self, message: str, *, code: str, fix: str, path: str = "", line: int = 0, column: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.fix = fix
        self.path = path
        self.line = line
        self.column = column


class WrongUsageError(VtmError):
    """The call cannot be meant: an unknown task, code, name or setting."""

    exit_code = ExitCode.USAGE


class UnreadableError(VtmError):
    """A file that is needed is missing, or cannot be read or parsed as a whole."""

    exit_code = ExitCode.UNREADABLE


class ExternalError(VtmError):
    """Git, an agent process or a database failed."""

    exit_code = ExitCode.EXTERNAL


class ConflictError(VtmError):
    """What was asked does not fit what has happened meanwhile, or the lock is taken."""

    exit_code = ExitCode.CONFLICT
