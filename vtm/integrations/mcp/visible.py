"""Answers as clients get them: nothing in them is hidden from who reads them.

What a model reads is not what a person sees of it: text that is invisible or reordered could tell the model
something that nobody approved. So such characters are shown as escapes, in values as in text.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from vtm.rendering.plain import many_lines


def shown(answer: msgspec.Struct) -> dict[str, Any]:
    """The JSON of an answer, with every unsafe character in its strings written as an escape."""
    found: dict[str, Any] = _shown(msgspec.to_builtins(answer, str_keys=True))
    return found


def as_written(name: str, known: Callable[[], Sequence[str]]) -> str:
    """The one of `known` that is shown as `name`; where there is none, `name`."""
    if "\\" not in name:
        return name
    names = known()
    return name if name in names else next((each for each in names if many_lines(each) == name), name)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return many_lines(value)
    if isinstance(value, dict):
        return {many_lines(key): _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value
