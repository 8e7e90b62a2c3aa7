"""JSON bytes to values: the one place that knows which decoder is fast at what."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

BOM = b"\xef\xbb\xbf"


class MalformedError(Exception):
    """Bytes are not one JSON document; `args[0]` is the `vtm.sources.diagnosis.Malformed`."""


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
            found = msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
    return found if data.isascii() or _is_utf8(data) else None


def parse(data: bytes) -> Any:
    """Decode into plain dicts, lists and scalars. A byte order mark is passed over.

    A number that is too large for any type becomes one that just fits.

    Raises:
        MalformedError: Not one JSON document in UTF-8.
    """
    try:
        with paused_collector():
            return _untyped(data.removeprefix(BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        from vtm.sources.diagnosis import diagnose  # noqa: PLC0415  2 ms that sound files save

        raise MalformedError(diagnose(data, str(error))) from None


def _untyped(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        if "out of range" not in str(error):
            raise
    from vtm.sources.diagnosis import with_smaller_numbers  # noqa: PLC0415  2 ms that sound files save

    msgspec.json.decode(data, type=msgspec.Raw)  # tells where the syntax is wrong behind that number
    return msgspec.json.decode(with_smaller_numbers(data))


def _is_utf8(data: bytes) -> bool:
    """Whether also the strings that the decoder passed over are text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def convert(value: object, kind: type[T]) -> T | None:
    """Turn a plain value into `kind`; None where it does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def may_repeat_keys(data: bytes) -> bool:
    """Whether any object in `data`, which is JSON, may have the same key twice; False is certain."""
    import json  # noqa: PLC0415  saves 3 ms of the commands that only ask

    found = False

    def check(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len(dict(pairs)) != len(pairs)

    decoder: Callable[..., Any] = json.loads
    with paused_collector():
        try:
            decoder(data.decode("utf-8-sig"), object_pairs_hook=check, parse_int=len)
        except RecursionError:
            return True
    return found
