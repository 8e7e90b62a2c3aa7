"""Lets a person, or a script in their place, edit a file."""

import os
import shlex
import subprocess
from pathlib import Path

from vtm.errors import ExternalError, WrongUsageError


def edit_file(editor: str, file: Path) -> None:
    """Run the command line `editor`, which may hold arguments, on `file`, and wait for its end.

    Raises:
        WrongUsageError: There is no such command.
        ExternalError: It ended with another exit code than 0.
    """
    try:
        words = shlex.split(editor, posix=os.name != "nt")
    except ValueError as error:
        raise _unusable(editor, str(error).lower()) from None
    if not words:
        raise _unusable(editor, "none is set")
    try:
        done = subprocess.run([*words, os.fspath(file)], check=False)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise _unusable(editor, reason) from None
    if done.returncode:
        raise ExternalError(
            f"the editor ended with exit code {done.returncode}; nothing was changed",
            code="EDITOR-FAILED",
            fix="leave it without an error to have the text taken",
        )


def _unusable(editor: str, reason: str) -> WrongUsageError:
    shown = f" {editor}" if editor.strip() else ""
    return WrongUsageError(
        f"the editor{shown} cannot be run: {reason}",
        code="NO-EDITOR",
        fix="set VISUAL or EDITOR to a command",
    )
