"""The text of a task file that vtm writes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from vtm.model.status import RISK_OF_GRADE, Grade, Impact, Scope, Size
from vtm.sources.tolerant import tolerate_task
from vtm.sources.yaml_text import member

ORDER = (
    *("id", "title", "name", "status", "started_at", "completed_at"),
    *("depends_on", "dependencies", "dependsOn", "depends_on_tasks"),
    *("risk", "scope", "impact", "level"),
)
"""The order of keys in front matter; all others follow as they are found."""

_BREAK = re.compile(r"\s*[\r\n]\s*")
_TEXTS = ("level", "phase", "slice", "capability_id")
_LISTS = ("related_specs", "related_adrs", "related_guides", "test_verification", "gap_codes")
_FLAGS = ("provisional", "parallel")


class Stated(NamedTuple):
    """A criterion as a check box states it."""

    id: str
    text: str
    met: bool = False


class Contents(NamedTuple):
    """What a task file says.

    Attributes:
        front: Its front matter, in order.
        context: The section of that name; so are `criteria` and `notes`.
    """

    front: Mapping[str, object]
    context: str = ""
    criteria: Sequence[Stated] = ()
    notes: str = ""


def task_file(contents: Contents) -> bytes:
    """The bytes of the file that says `contents`; empty sections are there, to be filled."""
    front = "".join(member(key, value) for key, value in contents.front.items())
    boxes = "\n".join(map(_box, contents.criteria))
    sections = (("Context", contents.context), ("Acceptance Criteria", boxes), ("Notes", contents.notes))
    body = "".join(f"\n## {name}\n" + (f"\n{text}\n" if text else "") for name, text in sections)
    return f"---\n{front}---\n{body}".encode()


def front_of(entry: Mapping[str, Any]) -> dict[str, object]:
    """What of a manifest's entry has a place in front matter; what breaks the schema has none."""
    read, _ = tolerate_task(dict(entry))
    est = read.get("est")
    size = _one_of(est, "size", Size) if isinstance(est, dict) else None
    found = {
        "id": _text(read, "task_id"),
        "title": _text(read, "title"),
        "status": "pending",
        "depends_on": _texts(read, "depends_on_tasks"),
        "risk": _risk(read),
        "scope": _one_of(read, "scope", Scope),
        "impact": _one_of(read, "impact", Impact),
        **{key: _text(read, key) for key in _TEXTS},
        "size": size,
        **{key: _texts(read, key) for key in _LISTS},
        **{key: read[key] for key in _FLAGS if isinstance(read.get(key), bool)},
        "conflicts_with": _texts(read, "conflicts_with"),
        "file_scope": _texts(read, "file_scope"),
        "parallelism_group": _text(read, "parallelism_group"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _risk(entry: Mapping[str, Any]) -> str | None:
    """The risk of an entry as task files grade it; None: it has none, or two that do not fit each other."""
    risk, grade = _text(entry, "risk"), _one_of(entry, "grade", Grade)
    if risk not in RISK_OF_GRADE.values():
        return None
    return grade if grade and RISK_OF_GRADE[Grade(grade)] == risk else str(risk).casefold()


def _text(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) else None


def _texts(entry: Mapping[str, Any], key: str) -> list[str] | None:
    value = entry.get(key)
    fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return value if fits else None


def _one_of(entry: Mapping[str, Any], key: str, kind: Any) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) and value in {each.value for each in kind} else None


def _box(criterion: Stated) -> str:
    words = _BREAK.sub(" ", f"{criterion.id} {criterion.text}").strip()
    return f"- [{'x' if criterion.met else ' '}] {words}"
