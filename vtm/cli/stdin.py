"""Standard input, where a user names `-` for a file."""

import sys

from vtm.errors import UnreadableError

STDIN = "<stdin>"


def read_stdin() -> bytes:
    """All of it; empty where it is closed.

    Raises:
        UnreadableError: The system refuses.
    """
    try:
        return sys.stdin.buffer.read() if sys.stdin else b""
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        fix = "name a file, or send the tasks to it"
        raise UnreadableError(
            f"standard input cannot be read: {reason}", code="GAP::UNREADABLE", fix=fix
        ) from None
