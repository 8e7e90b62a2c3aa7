"""Markdown with front matter: its fields, as far as they can be read, and its body."""

import re
from typing import Any, NamedTuple

from vtm.exchange.yaml_text import LONGEST, NoYamlError, parsed

_FENCED = re.compile(r"---[ \t]*\r?\n(.*?)(?:\r?\n|(?<=\n))---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TOP = re.compile(r"([A-Za-z_][\w-]*):(?=\s|\Z)")


class FrontMatter(NamedTuple):
    """A Markdown file.

    Attributes:
        body: What is behind the front matter.
        problem: What could not be read; empty: all was.
        line: Of the problem in the file, from 1; so is `column`.
    """

    fields: dict[str, Any]
    body: str
    problem: str = ""
    line: int = 0
    column: int = 0


def split(text: str) -> FrontMatter | None:
    """The parts of a file; None where it has no front matter.

    Where the front matter is not YAML, each of its fields that is YAML on its own is read, and the others
    are text as they stand.
    """
    found = _FENCED.match(text)
    if not found:
        return None
    head, body = found[1], text[found.end() :]
    try:
        return FrontMatter(parsed(head) if head.strip() else {}, body)
    except NoYamlError as error:
        fields, as_text = _one_by_one(head)
        told = f"{error}, so that {', '.join(as_text)} is taken as text" if as_text else str(error)
        return FrontMatter(fields, body, told, error.line + 1, error.column)


def _one_by_one(head: str) -> tuple[dict[str, Any], list[str]]:
    """Each field on its own, and the names of those that are not YAML."""
    fields: dict[str, Any] = {}
    as_text: list[str] = []
    if len(head) > LONGEST:
        return fields, as_text
    for block in re.split(r"\n(?=[A-Za-z_][\w-]*:(?:\s|$))", head.replace("\r\n", "\n")):
        name = _TOP.match(block)
        if name is None or name[1] in fields:
            continue
        try:
            fields |= parsed(block)
        except NoYamlError:
            fields[name[1]] = block[name.end() :].strip()
            as_text.append(name[1])
    return fields, as_text
