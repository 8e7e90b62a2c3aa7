"""JSON of other tools: every value is one that vtm can write down, and what had to change is said."""

import json
import re
from collections import Counter
from typing import Any, NamedTuple

DEEPEST = 64
"""How deep a value may be nested that is kept."""

_HALF = re.compile("[\ud800-\udfff]")
_DIGITS = 18
"""Of a whole number that any reader takes as it is."""


class NoJsonError(ValueError):
    """Text is not one JSON document.

    Attributes:
        line: Where, from 1; so is `column`.
    """

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


class Parsed(NamedTuple):
    """A JSON document.

    Attributes:
        doubts: What is not as it was written, in sentences.
    """

    value: Any
    doubts: list[str]


def parsed(data: bytes) -> Parsed:
    """The one document in `data`; a number that is too large becomes text.

    Raises:
        NoJsonError: There is none.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise NoJsonError("is not UTF-8", *_place(before, len(before))) from None
    if not text.strip():
        raise NoJsonError("is empty", 1, 1)
    return _parsed(text)


class _Reader:
    """Turns parts of JSON into values, and notes which are not as they were written."""

    def __init__(self) -> None:
        self.doubts: list[str] = []

    def unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object."""
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            self.doubts.append(f"{twice} stands twice, and the last one counts")
        return found

    def whole(self, digits: str) -> int | str:
        """A number without a fraction."""
        return int(digits) if len(digits.lstrip("-")) <= _DIGITS else self._large(digits)

    def real(self, digits: str) -> float | str:
        """A number with one."""
        number = float(digits)
        return number if number - number == 0 else self._large(digits)

    def constant(self, name: str) -> Any:
        """What only Python takes for JSON."""
        raise NoJsonError(f"holds {name}, which is not JSON", 1, 1)

    def _large(self, digits: str) -> str:
        self.doubts.append("a number is too large and kept as text")
        return digits


def _parsed(text: str) -> Parsed:
    reader = _Reader()
    try:
        value = json.loads(
            text,
            object_pairs_hook=reader.unique,
            parse_int=reader.whole,
            parse_float=reader.real,
            parse_constant=reader.constant,
        )
        if "\\ud" in text.lower():
            value = _without_halves(value, reader.doubts)
    except json.JSONDecodeError as error:
        raise NoJsonError(f"is not JSON: {error.msg.lower()}", error.lineno, error.colno) from None
    except RecursionError:
        raise NoJsonError("is nested too deeply", 1, 1) from None
    return Parsed(value, reader.doubts)


def too_deep(value: Any) -> bool:
    """Whether a value is nested more deeply than can be kept."""
    level = [value]
    for _ in range(DEEPEST):
        level = [each for above in level for each in _inside(above)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _without_halves(value: Any, doubts: list[str]) -> Any:
    """`value` with halves of characters, which UTF-8 cannot hold, as escapes."""
    raw, count = _HALF.subn(lambda half: f"\\\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))
    if not count:
        return value
    doubts.append("half a character is kept as an escape")
    return json.loads(raw)


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def dumped(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON, with text as it is."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
