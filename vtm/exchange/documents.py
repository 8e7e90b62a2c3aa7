"""Files that are one JSON document."""

from collections.abc import Sequence
from typing import Any

from vtm.exchange.format import WrongFormatError
from vtm.exchange.json_text import NoJsonError, Parsed, parsed, too_deep
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, read_record

HEAD = "vtm:document"
"""What the first task keeps of the document around it."""


def document(file: File, expected: str) -> Parsed:
    """What is in a file; None where it is empty.

    Raises:
        WrongFormatError: It is not one JSON document.
    """
    if not file.data.removeprefix(b"\xef\xbb\xbf").strip():
        return Parsed(None, [])
    try:
        return parsed(file.data)
    except NoJsonError as error:
        raise WrongFormatError.because(file.name, str(error), expected, error.line, error.column) from None


def take(
    found: Reading,
    number: int,
    name: str,
    value: Any,
    fields: tuple[Field, ...],
    doubts: Sequence[str] = (),
) -> None:
    """Note the task that an object is."""
    if not isinstance(value, dict) or too_deep(value):
        found.failed(number, name, "is nested too deeply" if isinstance(value, dict) else "is not an object")
        return
    task, more = read_record(value, fields)
    found.took(number, name, task, [*doubts, *more])


def finish(found: Reading, head: Any, doubts: Sequence[str]) -> None:
    """Let the first task keep what is around the tasks, and have the doubts that the document gives."""
    if not found.tasks:
        return
    if head is not None and not too_deep(head):
        first = found.tasks[0]
        found.tasks[0] = first._replace(kept={**first.kept, HEAD: head})
    at = next(at for at, unit in enumerate(found.units) if unit.task_id)
    unit = found.units[at]
    found.units[at] = unit._replace(reason="; ".join(filter(None, [unit.reason, *dict.fromkeys(doubts)])))
