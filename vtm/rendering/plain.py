"""The one notion of unsafe characters, for what renders; it is kept where prompts can use it as well."""

from vtm.model.plain import json_text, many_lines, one_line

__all__ = ["Verbatim", "json_text", "many_lines", "one_line"]


class Verbatim(str):
    """A line of foreign text that keeps its tabs; every other unsafe character in it is an escape."""

    __slots__ = ()

    @classmethod
    def of(cls, line: str) -> "Verbatim":
        """`line` with every unsafe character but tabs written as an escape."""
        return cls(many_lines(line))
