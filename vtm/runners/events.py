"""Events that clients print: one JSON object a line, between lines that are something else."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec


def events(output: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects among the lines; what is none is left out."""
    for line in output:
        if line.startswith("{"):
            try:
                found = msgspec.json.decode(line)
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                continue
            yield found


def inside(event: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object that lies at `path` in an event; empty where none does."""
    for key in path:
        found = event.get(key)
        event = found if isinstance(found, dict) else {}
    return event


def text_of(event: dict[str, Any], key: str) -> str:
    """The text at `key`; empty where there is none."""
    found = event.get(key)
    return found if isinstance(found, str) else ""
