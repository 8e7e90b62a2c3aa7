"""Which lines of a Markdown document are certainly not code.

Fences that lists and quotes contain are followed as long as their lines are indented as they should be. From
where it would take a full parser to tell what is a fence, all the rest counts as code: whoever cuts elsewhere
never cuts code, but perhaps gets fewer pieces. A full parser takes many seconds for 2 MB.

Source: CommonMark 0.31, 4.4 to 4.6 and 5.
"""

import re
from collections.abc import Sequence

_PREFIX = re.compile(r"(?:[ >]|(?:[-*+]|[0-9]{1,9}[.)])(?= ))*+")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_HTML = re.compile(r"<[A-Za-z!/?]")
_HTML_ENDS = {
    re.compile(r"<!--"): re.compile(r"-->"),
    re.compile(r"<\?"): re.compile(r"\?>"),
    re.compile(r"<!\[CDATA\["): re.compile(r"\]\]>"),
    re.compile(r"<![A-Za-z]"): re.compile(r">"),
    re.compile(r"(?i)<(?:script|pre|style|textarea)(?:[ >]|$)"): re.compile(
        r"(?i)</(?:script|pre|style|textarea)>"
    ),
}
_BLANK = re.compile(r"$")


def outside_code(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it is certainly outside of fenced code and front matter."""
    scan = _Scan()
    behind = _behind_front_matter(lines)
    return [False] * behind + [scan.is_free(line.expandtabs(4).rstrip()) for line in lines[behind:]]


def _behind_front_matter(lines: Sequence[str]) -> int:
    """How many lines front matter takes."""
    if lines[0].rstrip() != "---":
        return 0
    return next((at + 1 for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0)


class _Scan:
    """What is known before each line."""

    def __init__(self) -> None:
        self._fence = ""
        self._before_fence = ""
        self._html: re.Pattern[str] | None = None
        self._lost = False

    def is_free(self, line: str) -> bool:
        """Whether the next line, without tabs and trailing spaces, is outside of code."""
        if self._lost:
            return False
        if self._fence:
            self._go_on(line)
            return False
        prefix = _PREFIX.match(line)
        before = prefix[0] if prefix else ""
        opening = _FENCE.match(line, len(before))
        if opening and not (opening[1][0] == "`" and "`" in opening[2]):
            self._lost = self._html is not None
            self._fence = opening[1]
            self._before_fence = re.sub(r"[^ >]", " ", before)
            return False
        self._html = self._html_after(line, len(before))
        return True

    def _go_on(self, line: str) -> None:
        """Look at a line of fenced code."""
        before = self._before_fence
        if before and not (line or ">" in before):
            return  # a blank line in a list
        if not line.ljust(len(before)).startswith(before):
            self._lost = True
            return
        rest = line[len(before) :]
        plain = rest.lstrip(" ")
        if plain.startswith(self._fence) and not plain.strip(self._fence[0]):
            indent = len(rest) - len(plain)
            self._lost = bool(before and indent)
            if indent < 4:
                self._fence = ""

    def _html_after(self, line: str, at: int) -> re.Pattern[str] | None:
        """What ends the HTML that is open behind a line; None: none is."""
        if self._html is None and _HTML.match(line, at):
            ends = (end for start, end in _HTML_ENDS.items() if start.match(line, at))
            self._html = next(ends, _BLANK)
        if self._html is None:
            return None
        ended = not line if self._html is _BLANK else self._html.search(line, at)
        return None if ended else self._html
