"""Whether two versions of a task file differ in nothing but what vtm writes."""

import re

from vtm.sources.markdown_text import criteria_boxes, parts

_OWNED = re.compile(
    rb"^(?P<quote>['\"]?)(?:status|started_at|completed_at)(?P=quote)[ \t]*:[^\n]*(?:\n[ \t]+[^\n]*)*\n?",
    re.MULTILINE,
)


def differ_in_state_only(before: bytes, after: bytes) -> bool:
    """Whether status, times and the marks of criteria are all that is different; both must be task files."""
    first, second = _without_state(before), _without_state(after)
    return first is not None and first == second


def _without_state(data: bytes) -> bytes | None:
    found = parts(data)
    if found is None:
        return None
    plain = bytearray(data)
    for box in criteria_boxes(data, found.body)[1]:
        plain[box.at] = ord(" ")
    return (
        bytes(plain[: found.yaml]) + _OWNED.sub(b"", data[found.yaml : found.end]) + bytes(plain[found.end :])
    )
