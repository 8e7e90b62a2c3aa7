"""What has happened to a task, written into its file: status, times and boxes, and not a byte more."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from vtm.model.state import TaskState
from vtm.model.task import FileTask, Timestamp
from vtm.sources.decoder import convert
from vtm.sources.front_matter_refusal import not_spliced
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.markdown_text import Box, criteria_boxes
from vtm.sources.status_words import status_of, status_word
from vtm.sources.tolerant import tolerate_entry
from vtm.sources.yaml_scalars import means

_TIMES = ("started_at", "completed_at")
_KEYS = ("status", *_TIMES)
_AGAIN = "read the task again"


class _Boxes(NamedTuple):
    """All boxes of a body, and those that are criteria."""

    all: list[Box]
    criteria: list[Box]


def edited(data: bytes, name: str, task: FileTask, after: TaskState, others: Collection[str] = ()) -> bytes:
    """The text of a task's file in which status, times and met criteria are those of `after`.

    What the file says already stays as it is, be it in another word or form.

    Args:
        data: The bytes of the file.
        name: What errors call it.
        task: What was read from these bytes; its criteria are the boxes, in this order.
        after: Of which nothing but status, times and met criteria is written.
        others: Statuses as files beside it write them, the most frequent first; their words are taken where
            the file's own dialect is not clear.

    Raises:
        UnreadableError: The file cannot be edited safely.
    """
    text = FrontMatterText.read(data, name)
    for key in _KEYS:
        if text.entry(key) is None:
            text.refuse_merge(key)
    ticked = _with_marks(text, task, after)
    written = _with_times(_with_status(text._replace(data=ticked), after, others), after)
    _refuse_difference(text, written, ticked, task, after)
    return written.data


def _with_status(text: FrontMatterText, after: TaskState, others: Collection[str]) -> FrontMatterText:
    present = _text_of(text, "status")
    if status_of(present) == after.status:
        return text
    return text.with_value("status", status_word(after.status, present, others))


def _with_times(text: FrontMatterText, after: TaskState) -> FrontMatterText:
    for key in reversed(_TIMES):  # each new key comes right behind `status`
        wanted: datetime | None = getattr(after, key)
        if _moment_of(text, key) != wanted:
            text = text.with_value(key, None if wanted is None else _written(wanted))
    return text


def _with_marks(text: FrontMatterText, task: FileTask, after: TaskState) -> bytes:
    """The bytes with those boxes ticked whose criterion is met. No byte comes or goes."""
    boxes = _boxes(text)
    ids = [each.id for each in task.acceptance_criteria]
    if len(ids) != len(boxes.criteria):
        what = f"has {len(boxes.criteria)} criteria, not the {len(ids)} that were read"
        raise not_spliced(text.data, text.name, what, text.parts.body, _AGAIN)
    ticked = [each for each in boxes.all if each.ticked]
    large = bool(ticked) and all(text.data[each.at : each.at + 1] == b"X" for each in ticked)
    now = _met(ids, boxes)
    wanted = set(after.acs_completed)
    data = bytearray(text.data)
    for key, box in zip(ids, boxes.criteria, strict=True):
        if (key in now) != (key in wanted):
            data[box.at : box.at + 1] = (b"X" if large else b"x") if key in wanted else b" "
    return bytes(data)


def _refuse_difference(
    before: FrontMatterText, written: FrontMatterText, ticked: bytes, task: FileTask, after: TaskState
) -> None:
    """Let only a text pass that says what is meant, and differs in nothing else."""
    again = FrontMatterText.read(written.data, written.name)
    wrong = [key for key in _TIMES if _moment_of(again, key) != getattr(after, key)]
    if status_of(_text_of(again, "status")) != after.status:
        wrong.append("status")
    ids = [each.id for each in task.acceptance_criteria]
    if _met(ids, _boxes(again)) != set(after.acs_completed).intersection(ids):
        wrong.append("boxes")
    if _rest(before) != _rest(again) or ticked[before.parts.body :] != again.data[again.parts.body :]:
        wrong.append("something else")
    if wrong:
        what = f"would not read as intended ({', '.join(wrong)})"
        raise not_spliced(before.data, before.name, what, before.parts.yaml, "change it by hand")


def _met(ids: list[str], boxes: _Boxes) -> set[str]:
    """Ids of criteria that have a box that is ticked."""
    return {key for key, each in zip(ids, boxes.criteria, strict=True) if each.ticked}


def _rest(text: FrontMatterText) -> list[tuple[bytes, object]]:
    """Text and meaning of all other keys."""
    return [
        (text.data[each.key.start : each.value.end], each.node.shape)
        for each in text.entries()
        if each.name not in _KEYS
    ]


def _boxes(text: FrontMatterText) -> _Boxes:
    body, criteria = criteria_boxes(text.data, text.parts.body)
    return _Boxes(body.boxes, criteria)


def _text_of(text: FrontMatterText, key: str) -> str | None:
    """What is under a key, where an alias leads to it; None where nothing is."""
    entry = text.entry(key)
    node = entry.node if entry else None
    if node and node.kind == "alias":
        before = (each for other in text.entries() for each in other.node.all() if each.start < node.start)
        node = [each for each in before if each.anchor == node.value][-1]
    return None if node is None or means(node, None) else node.value


def _moment_of(text: FrontMatterText, key: str) -> datetime | None:
    """The time that an entry states; what cannot be read as one states none."""
    read, _ = tolerate_entry({"time": None, "started_at": _text_of(text, key)})
    return convert(read.get("started_at"), Timestamp)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
