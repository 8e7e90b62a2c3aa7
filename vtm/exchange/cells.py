"""What stands in the cells of a table."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from vtm.exchange.carried import Check
from vtm.exchange.records import UnfitError
from vtm.exchange.values import text, word
from vtm.model.status import Grade, Impact, Scope, Size
from vtm.model.task import Texts

_BOX = re.compile(r"\[([ xX])\]\s*")
_SPECIAL = re.compile(r"\\.|;", re.DOTALL)
_TRUE, _FALSE = "true", "false"


def texts_of(raw: Any) -> Texts:
    """A list of texts, separated by semicolons; a backslash makes the next character plain."""
    parts: list[list[str]] = [[]]
    content, last = text(raw), 0
    for found in _SPECIAL.finditer(content):
        parts[-1] += [content[last : found.start()], found[0][1:]]
        last = found.end()
        if found[0] == ";":
            parts.append([])
    parts[-1].append(content[last:])
    whole = ("".join(each).strip() for each in parts)
    return tuple(dict.fromkeys(filter(None, whole)))


def joined(values: Sequence[str]) -> str:
    """The cell of a list of texts."""
    return "; ".join(re.sub(r"([;\\])", r"\\\1", each) for each in values)


def checks_of_cell(raw: Any) -> tuple[Check, ...]:
    """Acceptance criteria, each perhaps behind a box."""
    found = []
    for each in texts_of(raw):
        box = _BOX.match(each)
        found.append(Check(each[box.end() :] if box else each, bool(box and box[1] in "xX")))
    return tuple(found)


def boxed(checks: Sequence[Check]) -> str:
    """The cell of acceptance criteria."""
    return joined([f"[{'x' if each.met else ' '}] {each.text}" for each in checks])


def truth(raw: Any) -> bool:
    """True or false."""
    if word(raw) not in {_TRUE, _FALSE}:
        raise UnfitError("is not true or false")
    return word(raw) == _TRUE


def said(value: bool | None) -> str:
    """The cell of true or false."""
    return _TRUE if value else _FALSE


def number(raw: Any) -> int:
    """A whole number."""
    if not re.fullmatch(r"[0-9]{1,9}", text(raw)):
        raise UnfitError("is not a number")
    return int(raw)


def one_of(kind: type[Grade | Impact | Scope | Size]) -> Callable[[Any], Any]:
    """How one of a few values is read, in any letter case."""
    known = {each.casefold(): each for each in kind}

    def read(raw: Any) -> Any:
        if word(raw) not in known:
            raise UnfitError(f"is not {', '.join(known)}")
        return known[word(raw)]

    return read
