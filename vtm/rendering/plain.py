"""Text that is safe to show: nothing from a backlog can move the cursor or fake a line."""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\uffff]"
)


def visible(text: str) -> str:
    """`text` with control, direction and half characters written as escapes."""
    return _UNSAFE.sub(_escape, text) if not text.isascii() or not text.isprintable() else text


def _escape(match: "re.Match[str]") -> str:
    code = ord(match[0])
    return {10: "\\n", 9: "\\t", 13: "\\r"}.get(code, f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
