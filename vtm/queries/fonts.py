"""Names of fonts, as style sheets and people write them."""

import re
from collections.abc import Iterator

EVERYWHERE = frozenset(
    {
        *("arial", "courier", "courier new", "georgia", "helvetica", "tahoma", "times", "times new roman"),
        *("trebuchet ms", "verdana"),
        *("cursive", "emoji", "fantasy", "fangsong", "math", "monospace", "sans-serif", "serif", "system-ui"),
        *("ui-monospace", "ui-rounded", "ui-sans-serif", "ui-serif"),
        *("-apple-system", "blinkmacsystemfont", "inherit", "initial", "unset", "none"),
    }
)
"""Fonts that every system has or replaces, and words that stand in their place, in lower case.

Source: CSS Fonts Module Level 4, generic font families; Core fonts for the Web.
"""
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_QUOTED = re.compile(rf"[*_ ]*[{_QUOTES}]([^{_QUOTES}]+)")
_CAPITAL = re.compile(r"[*_ ]*([^\W\d_a-z](?:[\w-]|\.(?=\w))*(?: [^\W_a-z](?:[\w-]|\.(?=\w))*)*)")
_WEIGHTS = re.compile(
    r"(?i)(?: (?:thin|extra|ultra|light|regular|normal|medium|semi|demi|bold|heavy|black|italic|oblique|"
    r"semibold|extrabold|[1-9]00|[0-9]+(?:px|pt|rem)))+$"
)


def families(listed: str) -> Iterator[tuple[int, str]]:
    """The fonts in a list, each with where it starts; weights and sizes are no part of a name.

    A name is in quotes, or its words start with capital letters: what else follows `Font:` is a sentence.
    """
    at = 0
    for part in re.split(r"(,| and | or |/)", listed):
        found = _QUOTED.match(part) or _CAPITAL.match(part)
        name = _WEIGHTS.sub("", found[1].strip()) if found else ""
        if found and name:
            yield at + found.start(1), name
        at += len(part)
