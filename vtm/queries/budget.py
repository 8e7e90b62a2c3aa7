"""Cuts a list down to what a reader has room for: whole items only, and the answer says so."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

CHARACTERS = 4
"""How many characters of JSON a token is counted as."""


def within(answer: T, tokens: int, lists: tuple[str, ...]) -> T:
    """`answer` with as many items of `lists`, first to last, as fit into `tokens` of JSON.

    `answer` has `returned` and `truncated`, which are set; its `total` stays.
    """
    room = tokens * CHARACTERS
    if _size(answer) <= room:
        return answer
    empty: dict[str, Any] = dict.fromkeys(lists, ())
    left = room - _size(msgspec.structs.replace(answer, **empty))
    kept: dict[str, list[Any]] = {name: [] for name in lists}
    for name in lists:
        for item in getattr(answer, name):
            left -= _size(item) + 1
            if left < 0:
                break
            kept[name].append(item)
        if left < 0:
            break
    count = sum(map(len, kept.values()))
    return msgspec.structs.replace(answer, **kept, returned=count, truncated=True)


def _size(value: object) -> int:
    return len(msgspec.json.encode(value).decode())
