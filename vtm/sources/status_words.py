"""The word for a status in the dialect of a task file."""

import re
from collections.abc import Iterable

from vtm.model.status import Status
from vtm.sources.tolerant import read_status

_DIALECTS = (
    {Status.PENDING: "todo", Status.COMPLETED: "done"},
    {Status.PENDING: "to-do", Status.COMPLETED: "done"},
    {Status.PENDING: "open", Status.COMPLETED: "closed"},
    {Status.COMPLETED: "complete"},
    {Status.BLOCKED: "failed"},
    {Status.ABANDONED: "cancelled"},
    {Status.ABANDONED: "canceled"},
)


def status_of(text: str | None) -> Status:
    """The status that a word stands for: none is `pending`, an unknown one counts as `blocked`."""
    if text is None:
        return Status.PENDING
    read = read_status(text)
    return next((each for each in Status if each == read), Status.BLOCKED)


def status_word(wanted: Status, present: str | None, others: Iterable[str] = ()) -> str:
    """How a file writes a status.

    Args:
        wanted: The status.
        present: What it says now; a word that means `wanted` already stays.
        others: What files beside it say, the most frequent first. The word that goes with `present` (`todo`
            with `done`) is taken if they use it or have none for `wanted`; else theirs.
    """
    if present is not None and read_status(present) == wanted:
        return present
    own = _own_word(wanted, present)
    alike = [each for each in others if read_status(each) == wanted]
    if alike and own not in {_plain(each) for each in alike}:
        return alike[0]
    word = _like(own or wanted.value, present)
    return word if read_status(word) == wanted else wanted.value


def _own_word(wanted: Status, present: str | None) -> str | None:
    """The word that goes with the one that is there."""
    now = "" if present is None else _plain(present)
    return next((words[wanted] for words in _DIALECTS if now in words.values() and wanted in words), None)


def _plain(word: str) -> str:
    """A word without capitals and spaces."""
    return re.sub(r"[\s_]+", "-", word.strip().casefold())


def _like(word: str, present: str | None) -> str:
    """`word` with capitals and spaces as `present` has them."""
    now = "" if present is None else present.strip()
    separator = next(
        (each for each in " _" if each in now), " " if now[:1].isupper() and "-" not in now else "-"
    )
    word = word.replace("-", separator)
    if now[:1].isupper():
        return word.upper() if now.isupper() else _capitals(word, separator, now)
    return word


def _capitals(word: str, separator: str, now: str) -> str:
    """Capitals of each part, or of the first alone where a later part of `now` has none."""
    parts = now.replace("_", " ").replace("-", " ").split()
    if len(parts) > 1 and parts[1][:1].islower():
        return word[:1].upper() + word[1:]
    return separator.join(each.capitalize() for each in word.split(separator))
