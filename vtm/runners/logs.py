"""What an agent has printed, as far as it is kept."""

import time
from collections.abc import Iterator
from pathlib import Path

from vtm.runners.keeper.log import PIECE
from vtm.runners.waiting import is_kept

_PAUSE = 0.1
"""Seconds between two looks for more."""
_READ = 1 << 16


def output(place: Path) -> Iterator[str]:
    """Its lines, without their ends, up to now; where some are missing a line says how many bytes."""
    yield from _lines(place, follow=False)


def follow(place: Path) -> Iterator[str]:
    """Its lines as they come, until its end."""
    yield from _lines(place, follow=True)


def _lines(place: Path, *, follow: bool) -> Iterator[str]:
    begun = b""
    for data in _data(place, follow=follow):
        if isinstance(data, str):
            if begun:
                yield begun.decode("utf-8", "replace")
            yield data
            begun = b""
            continue
        *whole, begun = (begun + data).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
    if begun:
        yield begun.decode("utf-8", "replace")


def _data(place: Path, *, follow: bool) -> Iterator[bytes | str]:
    """What is written, and where a gap is, a word about it."""
    at = 0
    while True:
        goes_on = follow and is_kept(place)  # asked before looking, so that nothing is missed
        before = at
        for start in _pieces(place):
            data = _read(place, start, at)
            if data and start > at:
                yield f"[{start - at} bytes are missing here]"
                at = start
            while data:
                yield data
                at += len(data)
                data = _read(place, start, at)
        if not goes_on:
            return
        if at == before:
            time.sleep(_PAUSE)


def _pieces(place: Path) -> list[int]:
    try:
        return sorted(int(each.name.removeprefix(PIECE)) for each in place.glob(f"{PIECE}[0-9]*"))
    except (OSError, ValueError):
        return []


def _read(place: Path, start: int, at: int) -> bytes:
    """What is at a position; at the beginning of the piece where that is behind it."""
    try:
        with (place / f"{PIECE}{start:015}").open("rb") as file:
            file.seek(max(0, at - start))
            return file.read(_READ)
    except OSError:
        return b""
