"""A hand-over that somebody wrote, found in whatever text it comes in."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.errors import WrongUsageError
from vtm.model.event import Handoff
from vtm.sources.objects_in_text import last_object
from vtm.sources.worker_reports import nothing_fits, plain_reason, readable

_FIELDS = Handoff.__struct_fields__
_BESIDE = {"schema", "task_id", "title", "status", "epoch", "branch", "written"}
"""Keys of the answer of `vtm handoff`, which may be edited and given back."""
_MARK = b'"next"'
_LARGEST = 64_000


class FoundHandoff(NamedTuple):
    """A hand-over.

    Attributes:
        task_id: The task that it names; empty: it names none.
        notices: What is to be known of the text around it, in sentences.
    """

    handoff: Handoff
    task_id: str
    notices: Sequence[str]


def read_handoff(data: bytes, name: str) -> FoundHandoff:
    """The last hand-over in a text; `name` is what messages call the text.

    Raises:
        WrongUsageError: There is none, or it is too large; what comes close is named with what it lacks.
    """
    text, notices = readable(data, name)
    search = last_object(text, _handoff, _MARK)
    if search.found is None:
        fix = f"write a JSON object with lists of texts: {', '.join(_FIELDS)}"
        raise nothing_fits(search, name, "hand-over", fix)
    if len(search.data) > _LARGEST:
        raise WrongUsageError(
            f"the hand-over in {name} is larger than {_LARGEST // 1000} kB",
            code="TOO-LARGE",
            fix="say in it what whoever goes on needs to know, and where to find the rest",
        )
    handoff, task_id = search.found
    return FoundHandoff(handoff, task_id, notices)


def _handoff(raw: dict[str, Any]) -> tuple[Handoff, str] | str:
    """What an object hands over, and of which task; what it lacks, where it is no hand-over."""
    lacking = [key for key in _FIELDS if raw.get(key) is None]
    if lacking:
        return f"lacks {', '.join(lacking)}"
    unknown = [key for key in raw if key not in _FIELDS and key not in _BESIDE]
    if unknown:
        return f"has keys that mean nothing: {', '.join(unknown[:5])}"
    lists = {key: _lines(raw[key]) for key in _FIELDS}
    try:
        handoff = msgspec.convert(lists, Handoff)
    except msgspec.ValidationError as error:
        return f"does not fit: {plain_reason(str(error))}"
    if not (handoff.done or handoff.next):
        return "says neither what is done nor what is next"
    task_id = raw.get("task_id")
    return handoff, task_id if isinstance(task_id, str) else ""


def _lines(value: object) -> object:
    """A list of texts without empty ones; one text is a list of its lines."""
    if isinstance(value, str):
        value = value.splitlines()
    if not isinstance(value, list):
        return value
    stripped = [each.strip() if isinstance(each, str) else each for each in value]
    return [each for each in stripped if each != ""]
