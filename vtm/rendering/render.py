"""An answer in the form that was asked for."""

from importlib import import_module
from typing import Any, NamedTuple

import msgspec

from vtm.rendering.plain import visible


class Terminal(NamedTuple):
    """What text is written to.

    Attributes:
        interactive: Whether a person watches it.
        colour: Whether it shows colours.
        width: In columns.
    """

    interactive: bool = False
    colour: bool = False
    width: int = 80


def schema_of(result: msgspec.Struct) -> str:
    """The schema an answer says it follows: `vtm.next/1`."""
    return str(result.__struct_config__.tag)


def as_json(result: msgspec.Struct, terminal: Terminal) -> str:
    """An answer as one JSON object on one line, or indented for a person; no raw control characters."""
    data = msgspec.json.encode(result)
    if terminal.interactive:
        data = msgspec.json.format(data, indent=2)
    text = data.decode()
    return text if text.isascii() else "\n".join(_escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    """JSON text whose invisible characters are written as JSON escapes; they occur inside strings only."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else _json_escape(char) for char in line)


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def as_text(result: msgspec.Struct, terminal: Terminal) -> str:
    """An answer for people: the lines of `text/<name>.py`, each made safe."""
    name = schema_of(result).removeprefix("vtm.").partition("/")[0].replace("-", "_").replace(".", "_")
    lines: Any = import_module(f"vtm.rendering.text.{name}").lines(result, terminal)
    shown = [visible(line) for line in lines]
    if terminal.colour:
        from vtm.rendering.colour import coloured  # noqa: PLC0415  only at a terminal

        shown = [coloured(line) for line in shown]
    return "\n".join(shown)
