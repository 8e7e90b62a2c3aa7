"""JSON bytes to values: the one place that knows which decoder is fast at what."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")

BOM = b"\xef\xbb\xbf"
_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?: |$|\r)", re.MULTILINE)
_LONE_SURROGATE = re.compile(
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD])[c-fC-F][0-9a-fA-F]{2})"
)
_BYTE = re.compile(r"\(byte (\d+)\)$")


class Malformed(NamedTuple):
    """Why bytes are not one JSON document.

    Attributes:
        offset: Of the first byte that is wrong.
    """

    message: str
    offset: int
    fix: str
    conflict: bool = False


class MalformedError(Exception):
    """Bytes are not one JSON document; `args[0]` is the `Malformed`."""


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the cyclic collector off: decoding makes many objects and no cycles (a third faster)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def decode(data: bytes, kind: type[T]) -> T | None:
    """Decode into Structs; None where `data` does not fit `kind` exactly, for whatever reason."""
    with paused_collector():
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None


def parse(data: bytes) -> Any:
    """Decode into plain dicts, lists and scalars. A byte order mark is passed over.

    Raises:
        MalformedError: Not one JSON document in UTF-8.
    """
    with paused_collector():
        try:
            return msgspec.json.decode(data.removeprefix(BOM))
        except UnicodeDecodeError as error:
            raise MalformedError(_diagnose(data, "is not valid UTF-8", error.start)) from None
        except RecursionError:
            raise MalformedError(_diagnose(data, "is nested too deeply", 0)) from None
        except msgspec.DecodeError as error:
            text = str(error)
            place = _BYTE.search(text)
            shift = len(BOM) if data.startswith(BOM) else 0
            offset = int(place[1]) + shift if place else _second_opinion(data)
            raise MalformedError(_diagnose(data, text, offset)) from None


def _diagnose(data: bytes, text: str, offset: int) -> Malformed:
    """Say what is wrong with `data` in the user's words; `text` and `offset` are the decoder's."""
    conflict = _CONFLICT.search(data)
    if conflict:
        return Malformed(
            "holds conflict markers of a merge", conflict.start(), "resolve the merge conflict", conflict=True
        )
    if not data.strip():
        return Malformed("is empty", 0, "restore the file, or remove it and run `vtm init`")
    for found, message, fix in _encodings(data):
        if found is not None:
            return Malformed(message, found, fix)
    if "nested" in text:
        return Malformed("is nested too deeply to be a backlog", _deepest(data), "restore the file")
    lone = _LONE_SURROGATE.search(data)
    if lone:
        fix = "write the character itself, or both \\u escapes"
        return Malformed("holds half of a surrogate pair", lone.start(), fix)
    if "truncated" in text:
        return Malformed("ends in the middle", len(data), "restore the rest of the file")
    reason = _BYTE.sub("", text.removeprefix("JSON is malformed: ")).strip()
    return Malformed(f"is not JSON: {reason}", offset, "correct the syntax at this place")


def _second_opinion(data: bytes) -> int:
    """Offset of an error whose place the decoder does not tell; 0 where nobody can."""
    import json  # noqa: PLC0415  saves 3 ms of every command that reads a sound file

    try:
        json.loads(data.removeprefix(BOM))
    except json.JSONDecodeError as error:
        return len(error.doc[: error.pos].encode()) + (len(BOM) if data.startswith(BOM) else 0)
    except (ValueError, RecursionError):
        return 0
    return 0


def _encodings(data: bytes) -> Iterator[tuple[int | None, str, str]]:
    """Offsets at which `data` is not text in UTF-8, with what to say of each."""
    utf16 = 0 if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else None
    yield utf16, "is not UTF-8 but UTF-16", "save it as UTF-8"
    nul = data.find(b"\0")
    yield (nul if nul >= 0 else None), "holds a NUL byte", "remove it; the file may be binary or cut"
    yield first_invalid_utf8(data), "is not valid UTF-8", "save it as UTF-8"


def first_invalid_utf8(data: bytes) -> int | None:
    """Offset of the first byte that is not UTF-8; None where all are."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _deepest(data: bytes, limit: int = 200) -> int:
    """Offset at which `data` has opened more brackets than anyone would; strings are not told apart."""
    depth = 0
    for match in re.finditer(rb"[\[\]{}]", data):
        depth += 1 if match[0] in b"[{" else -1
        if depth > limit:
            return match.start()
    return 0


def convert(value: object, kind: type[T]) -> T | None:
    """Turn a plain value into `kind`; None where it does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def repeated_keys(data: bytes) -> bool:
    """Whether any object in `data`, which is JSON, has the same key twice."""
    import json  # noqa: PLC0415  saves 3 ms of the commands that only ask

    found = False

    def check(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len(dict(pairs)) != len(pairs)

    decoder: Callable[..., Any] = json.loads
    with paused_collector():
        decoder(data.decode("utf-8-sig"), object_pairs_hook=check)
    return found
