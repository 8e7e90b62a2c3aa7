"""Records of other tools: fields by name, each of which has a place in a task or is kept as it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from vtm.exchange.carried import AS_WRITTEN, Carried, Values, carried, is_default, is_id
from vtm.model.status import Status


class UnfitError(ValueError):
    """A value is not one that its field can have; `args[0]` says why."""


class Field(NamedTuple):
    """A field that has a place.

    Attributes:
        key: What the format calls it.
        attribute: What it is of a task, see `Carried.value`.
        read: Its value; raises UnfitError.
        write: The value as the format has it.
        always: Whether it is written also where it says nothing.
        also: What else its value says of a task.
        doubt: What is odd about a value that is read all the same; empty: nothing.
    """

    key: str
    attribute: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    always: bool = False
    also: Callable[[Any], Values] = lambda _: {}
    doubt: Callable[[Any], str] = lambda _: ""


class Record(NamedTuple):
    """A record that was read.

    Attributes:
        task: None: it has no id.
        doubts: What was not read, in sentences.
    """

    task: Carried | None
    doubts: Sequence[str]


def read_record(record: Mapping[str, Any], fields: Sequence[Field]) -> Record:
    """The task that a record is. What has no place, or does not fit its own, is kept as it is."""
    known = {each.key: each for each in fields}
    values: Values = {}
    kept: dict[str, Any] = {}
    written: dict[str, Any] = {}
    doubts: list[str] = []
    for key, raw in record.items():
        field = known.get(key)
        if field is None:
            kept[key] = raw
            continue
        try:
            value = field.read(raw)
        except UnfitError as error:
            kept[key] = raw
            doubts.append(f"{key} {error}")
            continue
        values |= {field.attribute: value} | field.also(raw)
        doubts += filter(None, [field.doubt(raw)])
        if raw is not None and not same(field.write(value), raw):
            written[key] = raw
    if not is_id(values.get("task_id")):
        return Record(None, ["its id cannot be one" if values.get("task_id") else "it has no id"])
    _drop_end_of_what_goes_on(values, fields, kept, written)
    return Record(carried(values, kept | ({AS_WRITTEN: written} if written else {})), doubts)


def _drop_end_of_what_goes_on(
    values: Values, fields: Sequence[Field], kept: dict[str, Any], written: dict[str, Any]
) -> None:
    """A task that is not completed has no time of completion here; what its record says is kept."""
    at = values.get("completed_at")
    if at is None or values.get("status") is Status.COMPLETED:
        return
    del values["completed_at"]
    for field in fields:
        if field.attribute == "completed_at":
            kept[field.key] = written.pop(field.key, field.write(at))


def write_record(task: Carried, fields: Sequence[Field]) -> dict[str, Any]:
    """The record that a task is, with what was kept; what is unchanged is spelled as it was."""
    kept = {key: value for key, value in task.kept.items() if not key.startswith("vtm:")}
    record: dict[str, Any] = {}
    for field in fields:
        value, raw = task.value(field.attribute), task.as_written(field.key)
        nothing = is_default(field.attribute, value)
        if raw is not None and _reads(field, raw) == value:
            record[field.key] = raw
        elif nothing and field.key in kept:
            continue
        elif field.always or not nothing:
            record[field.key] = field.write(value)
    return record | {key: value for key, value in kept.items() if key not in record}


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1 and true are not."""
    return repr(one) == repr(other)


def _reads(field: Field, raw: Any) -> Any:
    try:
        return field.read(raw)
    except UnfitError:
        return None
