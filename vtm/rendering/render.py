"""An answer in the form that was asked for."""

from importlib import import_module
from typing import Any, NamedTuple

import msgspec

from vtm.model.plain import whole
from vtm.rendering.plain import Verbatim, json_text, one_line


class Terminal(NamedTuple):
    """What text is written to.

    Attributes:
        interactive: Whether a person watches it.
        decorated: Whether it wants colours and bars; otherwise text is plain.
        width: In columns.
    """

    interactive: bool = False
    decorated: bool = False
    width: int = 80


def schema_of(result: msgspec.Struct) -> str:
    """The schema an answer says it follows: `vtm.next/1`."""
    return str(result.__struct_config__.tag)


def as_json(result: object, terminal: Terminal) -> str:
    """A value as JSON on one line, or indented for a person; no raw control characters."""
    try:
        data = msgspec.json.encode(result)
    except UnicodeEncodeError:  # half a character, from an argument or a path that is not UTF-8
        data = msgspec.json.encode(_whole(msgspec.to_builtins(result, str_keys=True)))
    if terminal.interactive:
        data = msgspec.json.format(data, indent=2)
    return json_text(data.decode())


def _whole(value: Any) -> Any:
    """`value` with its half characters written as escapes, which UTF-8 can hold."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    return value


def as_text(result: msgspec.Struct, terminal: Terminal) -> str:
    """An answer for people: the lines of `text/<name>.py`, each made safe."""
    name = schema_of(result).removeprefix("vtm.").partition("/")[0].replace("-", "_").replace(".", "_")
    lines: Any = import_module(f"vtm.rendering.text.{name}").lines(result, terminal)
    shown = [line if isinstance(line, Verbatim) else one_line(line) for line in lines]
    if terminal.decorated:
        from vtm.rendering.colour import coloured  # noqa: PLC0415  only at a terminal

        shown = [line if isinstance(line, Verbatim) else coloured(line) for line in shown]
    return "\n".join(shown)
