"""Text as a YAML scalar, and what a scalar means."""

import re
from typing import Any

from ruamel.yaml.resolver import implicit_resolvers

from vtm.sources.yaml_nodes import Node

Scalar = str | bool | None

_UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_PLAIN = re.compile(rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`.{_UNPRINTABLE}][^{_UNPRINTABLE}]*(?<!\s)(?<!:)")
_NOT_INSIDE = re.compile(r":\s|\s#")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:]")
_ESCAPED = re.compile(rf"[\"\\{_UNPRINTABLE}]")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


def _readings(version: tuple[int, int]) -> list[tuple[str, Any]]:
    return [(tag, pattern) for known, tag, pattern, _ in implicit_resolvers if version in known]


_CORE = _readings((1, 2))
_EITHER = [*_CORE, *_readings((1, 1))]


def means(node: Node, value: Scalar) -> bool:
    """Whether a scalar reads as `value` by the rules of YAML 1.2; a date reads as text."""
    if node.kind != "scalar" or node.tag:
        return False
    if node.style:
        return isinstance(value, str) and node.value == value
    kind = next((tag.rpartition(":")[2] for tag, pattern in _CORE if pattern.match(node.value)), "str")
    if isinstance(value, str):
        return kind in {"str", "timestamp"} and node.value == value
    return kind == "null" if value is None else kind == "bool" and (node.value.lower() == "true") is value


def is_date(node: Node) -> bool:
    """Whether a scalar is a date or a time, quoted or not."""
    return node.kind == "scalar" and _is_date(node.value)


def written(value: Scalar, style: str, *, flow: bool = False, bare_date: bool = False) -> str:
    """A scalar that reads as `value` in YAML 1.1 and 1.2 alike, and is text there where it is text.

    Args:
        value: What it shall read as.
        style: How it shall be quoted, if that is possible: `'`, `"`, or anything else for not at all.
        flow: Whether it stands in `[...]`.
        bare_date: Whether a date, which YAML 1.1 does not take for text, may go unquoted.
    """
    if not isinstance(value, str):
        return "null" if value is None else str(value).lower()
    if style not in {"'", '"'} and _is_plain(value, flow=flow, bare_date=bare_date):
        return value
    if style == '"' or re.search(f"[{_UNPRINTABLE}]", value):
        return '"' + _ESCAPED.sub(_escape, value) + '"'
    return "'" + value.replace("'", "''") + "'"


def _is_date(text: str) -> bool:
    return any(pattern.match(text) for tag, pattern in _CORE if tag == _TIMESTAMP)


def _is_plain(text: str, *, flow: bool, bare_date: bool) -> bool:
    if not _PLAIN.fullmatch(text) or _NOT_INSIDE.search(text):
        return False
    if bare_date and not flow and _is_date(text):
        return True
    return not (flow and _NOT_IN_FLOW.search(text)) and not any(each.match(text) for _, each in _EITHER)


def _escape(found: re.Match[str]) -> str:
    each = found[0]
    code = ord(each)
    if each in {'"', "\\"}:
        return "\\" + each
    return _NAMED.get(each) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
