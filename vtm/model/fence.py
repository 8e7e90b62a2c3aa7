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
    longest = max((len(run) for run in _RUN.findall(shown)), default=0)
    fence = "`" * max(_SHORTEST, longest + 1)
    return f"{fence}{info}\n{shown}\n{fence}"


def visible(text: str) -> str:
    """`text` with every unsafe character but the ends of lines written as an escape, tabs as well."""
    if text.isprintable():
        return text
    return "\n".join(map(one_line, text.replace("\r\n", "\n").split("\n")))
