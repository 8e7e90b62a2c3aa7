"""How values are read and written that many formats have."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from vtm.exchange.carried import Check, Values
from vtm.exchange.records import Field, UnfitError
from vtm.model.status import Risk, Status
from vtm.model.task import Texts, Timestamp

_ITEM = re.compile(r"^(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[([ xX])\][ \t]+)?(\S.*)$")
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")


def as_it_is(value: Any) -> Any:
    """A value that is written as it is read."""
    return value


def text(raw: Any) -> str:
    """Text; null is empty."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise UnfitError("is not text")
    return raw


NAMED = (
    Field("id", "task_id", text, as_it_is, always=True),
    Field("title", "title", text, as_it_is, always=True),
    Field("description", "description", text, as_it_is, always=True),
)
"""What many formats call alike."""


def texts(raw: Any) -> Texts:
    """A list of texts; null is empty, each stands once."""
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise UnfitError("is not a list of texts")
    return tuple(dict.fromkeys(raw))


def moment(raw: Any) -> Timestamp | None:
    """A time in ISO 8601, to the second; without an offset it is UTC."""
    if raw is None or raw == "":
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub("", text(raw).strip()))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UnfitError("is not a time") from None


def iso(value: Timestamp | None) -> str | None:
    """A time in ISO 8601, UTC."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def word(raw: Any) -> str:
    """A word without regard to letter case, spaces and underscores."""
    return re.sub(r"[\s_]+", "-", text(raw).strip()).casefold()


def risk(raw: Any) -> Risk:
    """A risk in any letter case."""
    for each in Risk:
        if each.casefold() == word(raw):
            return each
    raise UnfitError("is not low, medium or high")


class Statuses:
    """The statuses of a format: words, as `word` gives them, to what each means.

    The first word of a status is the one that is written, as `spelled` spells it.
    """

    def __init__(self, words: Mapping[str, Status], spelled: Callable[[str], str] = as_it_is) -> None:
        self._words = words
        self._spelled = spelled

    def read(self, raw: Any) -> Status:
        """The status; one that is unknown counts as blocked, null as pending."""
        return self._words.get(word(raw), Status.BLOCKED) if raw is not None else Status.PENDING

    def write(self, status: Status) -> str:
        """The first word for a status; where there is none, that for a completed task."""
        first = {means: each for each, means in reversed([*self._words.items()])}
        return self._spelled(first.get(status, first[Status.COMPLETED]))

    def field(self, key: str) -> Field:
        """The field that holds the status."""
        return Field(key, "status", self.read, self.write, always=True, also=self._also, doubt=self._doubt)

    def _also(self, raw: Any) -> Values:
        """Why a task is blocked, where its status says so in another word."""
        if raw is None or word(raw) == "blocked" or self.read(raw) is not Status.BLOCKED:
            return {}
        return {"blocked_reason": f"its status is {raw.strip() or 'empty'}"}

    def _doubt(self, raw: Any) -> str:
        known = raw is None or word(raw) in self._words
        return "" if known else f"status {raw!r} is unknown and counts as blocked"


def checks_of(raw: Any) -> tuple[Check, ...]:
    """Acceptance criteria in text: its list items, or where it has none, its paragraphs."""
    lines = text(raw).replace("\r\n", "\n").split("\n")
    found: list[tuple[bool, list[str]]] = []
    inside = False
    for line in lines:
        item = _ITEM.match(line)
        if item:
            found.append(((item[1] or " ") in "xX", [item[2].rstrip()]))
        elif inside and line.startswith(("  ", "\t")) and line.strip():
            found[-1][1].append(line.strip())
        inside = bool(item) or (inside and line.startswith(("  ", "\t")))
    if found:
        return tuple(Check("\n".join(words), met) for met, words in found)
    paragraphs = re.split(r"\n[ \t]*\n", "\n".join(lines))
    return tuple(Check(each.strip(), met=False) for each in paragraphs if each.strip())


def checks_as_text(checks: tuple[Check, ...]) -> str:
    """Acceptance criteria as list items, with boxes where one is met."""
    boxed = any(each.met for each in checks)
    box = {True: "[x] ", False: "[ ] " if boxed else ""}
    return "\n".join(f"- {box[each.met]}" + each.text.replace("\n", "\n  ") for each in checks)
