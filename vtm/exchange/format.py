"""What a format is, and how one is found by its name."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from vtm.errors import UnreadableError
from vtm.exchange import formats
from vtm.exchange.carried import Carried
from vtm.exchange.reading import File, Reading


class WrongFormatError(UnreadableError):
    """What is there is not of the format that was named."""

    @classmethod
    def because(
        cls, file: str, what: str, expected: str, line: int = 0, column: int = 0
    ) -> "WrongFormatError":
        """The error for `file`; `what` completes the sentence, `expected` is what should be there."""
        return cls(
            f"{file} {what}",
            code="WRONG-FORMAT",
            path=file,
            line=line,
            column=column,
            fix=f"expected is {expected}",
        )


class Format(NamedTuple):
    """A format of another tool.

    Attributes:
        expected: What its input is, to complete "expected is".
        unit: What its units are called: `line`, `object`, `file`.
        read: Reads files; raises WrongFormatError where none of it is of this format.
        write: The files that hold tasks; a single one where `folders` is empty, and its name says nothing.
        folders: Patterns of the files of a folder that are read; empty: it is a single file.
        beside: Files of such a folder that hold settings and no task.
    """

    expected: str
    unit: str
    read: Callable[[Sequence[File]], Reading]
    write: Callable[[Sequence[Carried]], list[File]]
    folders: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def format_names() -> tuple[str, ...]:
    """Names of all formats."""
    return tuple(sorted(each.name.replace("_", "-") for each in iter_modules(formats.__path__)))


def load_format(name: str) -> Format:
    """The format of this name, which must be one of `format_names`."""
    found: Format = import_module(f"{formats.__name__}.{name.replace('-', '_')}").FORMAT
    return found


def kept_key(name: str) -> str:
    """The key of a task entry under which a format keeps what vtm has no place for."""
    return f"x_{name.replace('-', '_')}"


def gap_code(name: str) -> str:
    """The gap code that says why an imported task has no spec."""
    return f"IMPORTED::{name}"
