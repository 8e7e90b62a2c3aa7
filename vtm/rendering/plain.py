"""The one notion of unsafe characters, for what renders; it is kept where prompts can use it as well."""

from vtm.model.plain import json_text, many_lines, one_line

__all__ = ["json_text", "many_lines", "one_line"]
