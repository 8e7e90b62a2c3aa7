"""Hashes of manifests as they are written down: in full or shortened, with or without `sha256:`."""

import re

_UNKNOWN = {"", "placeholder"}
_ENOUGH = re.compile(r"[0-9a-f]{11,}")


def is_known(text: str) -> bool:
    """Whether a recorded hash says anything; `PLACEHOLDER` and nothing do not."""
    return plain(text) not in _UNKNOWN


def plain(text: str) -> str:
    """A hash without what may be left out of it."""
    return text.strip().lower().removeprefix("sha256:")


def agree(left: str, right: str) -> bool:
    """Whether two hashes are the same, or one is the start of the other with 11 or more digits."""
    short, long = sorted((plain(left), plain(right)), key=len)
    return short == long or (long.startswith(short) and _ENOUGH.fullmatch(short) is not None)
