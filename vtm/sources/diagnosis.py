"""Why bytes are not one JSON document, in words that help; loaded only when something is wrong."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import accumulate, chain
from string import ascii_letters
from typing import NamedTuple

import msgspec

_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?: |$|\r)", re.MULTILINE)
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_NUMBER = re.compile(rb'"(?:[^"\\]++|\\.)*+"|-?[0-9][0-9.eE+\-]*+', re.DOTALL)
_BYTE = re.compile(r"\(byte (\d+)\)$")
_BEHIND = ("trailing characters", "invalid escape character", "in unicode escape")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_DEEP = 200


class Malformed(NamedTuple):
    """Why bytes are not one JSON document.

    Attributes:
        offset: Of the first byte that is wrong.
        conflict: Whether they are two documents that a merge left side by side.
    """

    message: str
    offset: int
    fix: str
    conflict: bool = False


def diagnose(data: bytes, text: str) -> Malformed:
    """Say what is wrong with `data`; `text` is what the decoder said of it, its mark taken off."""
    body = data.removeprefix(BOM_UTF8)
    shift = len(data) - len(body)
    conflict = _CONFLICT.search(body)
    if conflict:
        what, fix = "holds conflict markers of a merge", "resolve the merge conflict"
        return Malformed(what, shift + conflict.start(), fix, conflict=True)
    if not body.strip():
        return Malformed("is empty", 0, "restore the file, or remove it and run `vtm init`")
    found = next(chain(_encodings(data), _contents(body, text, shift)), None)
    if found:
        return found
    reason = _BYTE.sub("", text.removeprefix("JSON is malformed: ")).strip()
    return Malformed(f"is not JSON: {reason}", shift + _place(body, text), "correct the syntax at this place")


def _place(body: bytes, text: str) -> int:
    """The offset that the decoder tells, corrected to the start of what is wrong."""
    told = _BYTE.search(text)
    offset = int(told[1]) if told else 0
    if any(each in text for each in _BEHIND):
        return offset - 1
    if body[offset : offset + 1] < b" ":
        return offset
    return len(body[:offset].rstrip(ascii_letters.encode()))


def _encodings(data: bytes) -> Iterator[Malformed]:
    """Ways in which `data` is not text in UTF-8."""
    if data.startswith(_WIDE):
        yield Malformed("is not UTF-8 but UTF-16 or UTF-32", 0, "save it as UTF-8")
    nul = data.find(b"\0")
    if nul >= 0:
        yield Malformed("holds a NUL byte", nul, "remove it; the file may be binary or cut")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Malformed("is not valid UTF-8", error.start, "save it as UTF-8")


def _contents(body: bytes, text: str, shift: int) -> Iterator[Malformed]:
    """Ways in which text is not JSON that the decoder names less clearly, or without the place."""
    if "recursion" in text:
        deep = shift + too_deep(body)
        yield Malformed("is nested too deeply to be a backlog", deep, "restore the file")
    if "surrogate" in text or "truncated" in text:
        half = next((each for each in _ESCAPE.finditer(body) if each[1]), None)
        if half and b'"' in body[half.end() :]:
            fix = "write the character itself, or both \\u escapes"
            yield Malformed("holds half of a surrogate pair", shift + half.start(), fix)
    if "truncated" in text:
        yield Malformed("ends in the middle", shift + len(body), "restore the rest of the file")


def too_deep(body: bytes) -> int:
    """Offset at which `body` has opened more brackets than anyone would; 0: it never has."""
    depths = accumulate(_BRACKET.finditer(body), _deeper, initial=(0, 0))
    return next((offset for depth, offset in depths if depth > _DEEP), 0)


def _deeper(before: tuple[int, int], token: "re.Match[bytes]") -> tuple[int, int]:
    """Depth behind a bracket, or a string, and its offset."""
    step = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
    return before[0] + step, token.start()


def with_smaller_numbers(data: bytes) -> bytes:
    """JSON in which each number that is too large for any type is one that just fits."""
    return _NUMBER.sub(_fitting, data)


def large_numbers(data: bytes) -> Iterator[int]:
    """The offset of each number that is too large for any type, in JSON that is sound otherwise."""
    return (token.start() for token in _NUMBER.finditer(data) if _fitting(token) != token[0])


def _fitting(token: "re.Match[bytes]") -> bytes:
    written = token[0]
    if written.startswith(b'"'):
        return written
    try:
        msgspec.json.decode(written)
    except msgspec.DecodeError:
        return b"-1e308" if written.startswith(b"-") else b"1e308"
    return written
