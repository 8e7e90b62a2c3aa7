"""Foreign text as data: in a fence that it cannot close, with nothing hidden in it."""

import re

from vtm.model.plain import one_line

_RUN = re.compile("`+")
_SHORTEST = 3


def fenced(text: str, info: str = "text") -> str:
    """`text` in a fence of backquotes longer than any run of them inside, escaped; `info` names what it is.

    Source: CommonMark 0.31, "Fenced code blocks".
    """
    shown = visible(text).strip("\n")
    fence = fence_around(shown)
    return f"{fence}{info}\n{shown}\n{fence}"


def fence_around(text: str) -> str:
    """A fence of backquotes that `text` cannot close."""
    return "`" * max(_SHORTEST, longest_run(text) + 1)


def code_span(text: str) -> str:
    """`text` as a code span that it cannot close, on one line, with nothing hidden in it.

    Source: CommonMark 0.31, 6.1.
    """
    safe = one_line(text)
    mark = "`" * (longest_run(safe) + 1)
    edge = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{mark}{edge}{safe}{edge}{mark}"


def longest_run(text: str) -> int:
    """How many backquotes stand in a row in `text`, at most."""
    return max(map(len, _RUN.findall(text)), default=0)


def visible(text: str) -> str:
    """`text` with every unsafe character but the ends of lines written as an escape, tabs as well."""
    if text.isprintable():
        return text
    return "\n".join(map(one_line, text.replace("\r\n", "\n").split("\n")))
