"""What a backlog must not do to whoever reads about it: the one notion of unsafe characters.

Unsafe is what a terminal may obey, what can hide or reorder text, and what UTF-8 or XML cannot hold: control
characters, line separators, invisible and reordering format characters, tags, half characters, noncharacters.
"""

import re
from collections.abc import Callable

_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_BREAKS = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def one_line(text: str) -> str:
    """`text` with every unsafe character, line breaks and tabs among them, written as an escape."""
    return _without_unsafe(text, lambda char: _BREAKS.get(char) or _escape(char))


def whole(text: str) -> str:
    """`text` with half characters, which UTF-8 cannot hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def many_lines(text: str) -> str:
    """`text` with every unsafe character but tab, LF and CR written as an escape."""
    return _without_unsafe(text, lambda char: char if char in _BREAKS else _escape(char))


def json_text(text: str) -> str:
    """JSON of the same value, with every unsafe character but line breaks written as a JSON escape."""
    return _without_unsafe(text, lambda char: char if char in _BREAKS else _json_escape(char))


def _without_unsafe(text: str, escape: Callable[[str], str]) -> str:
    if text.isprintable():  # no unsafe character is printable, and this takes no time
        return text
    return re.sub(_UNSAFE, lambda found: escape(found[0]), text)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
