"""Plain values as YAML text that every reader takes for the same values, whatever version it goes by.

Source: YAML 1.1 and 1.2; a text that either could take for anything else is quoted, and nothing spans lines.
"""

import re
from collections.abc import Mapping

_WORDS = re.compile(r"[^\W\d_](?:[\w./()+'-]| (?=[\w(]))*")
_OTHER_MEANINGS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_KEY = 120
"""Longer keys are marked as keys: a reader looks for the colon 1,024 characters far, and no further."""


def member(key: str, value: object) -> str:
    """A member of the outermost mapping, as whole lines: its value in lines too, what is deeper inline."""
    name = _key(key)
    if isinstance(value, Mapping) and value:
        return f"{name}\n" + "".join(
            f"  {_key(inner, '  ')} {inline(each)}\n" for inner, each in value.items()
        )
    if isinstance(value, list | tuple) and value:
        return f"{name}\n" + "".join(f"  - {inline(each)}\n" for each in value)
    return f"{name} {inline(value)}\n"


def inline(value: object) -> str:
    """A JSON value on one line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_inner_key(key)}: {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    return str(value)


def _key(key: str, indent: str = "") -> str:
    written = _text(key)
    return f"{written}:" if len(written) <= _LONGEST_KEY else f"? {written}\n{indent}:"


def _inner_key(key: str) -> str:
    written = _text(key)
    return written if len(written) <= _LONGEST_KEY else f"? {written} "


def _text(text: str) -> str:
    if _WORDS.fullmatch(text) and text.casefold() not in _OTHER_MEANINGS and text.isprintable():
        return text
    return '"' + "".join(_ESCAPES.get(char) or _shown(char) for char in text) + '"'


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _number(value: float) -> str:
    """A number with a point, without which one version of YAML takes `1e+16` for text."""
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e") if "e" in text else f"{text}.0"
