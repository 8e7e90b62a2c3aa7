"""What a task file says in places that a manifest has too."""

from typing import Any, NamedTuple

import msgspec

from vtm.model.finding import Damage
from vtm.model.task import FileTask
from vtm.sources.front_matter import read_front_matter
from vtm.sources.markdown_task import read_task
from vtm.sources.markdown_text import Parts, parts
from vtm.sources.task_entry import entry_of

ORDER = (
    *(
        "task_id",
        "capability_id",
        "phase",
        "slice",
        "title",
        "description",
        "acceptance_criteria",
        "risk",
        "est",
    ),
    *(
        "depends_on_tasks",
        "related_specs",
        "related_adrs",
        "related_guides",
        "test_verification",
        "gap_codes",
    ),
    *("provisional", "parallel", "conflicts_with", "file_scope", "parallelism_group"),
    *("grade", "scope", "impact", "level"),
)
"""The order of keys in an entry that vtm writes."""

_FINER = {"trivial", "critical"}
"""Grades that say more than a risk does."""


class NotConvertibleError(Exception):
    """A task has no other form that says the same; the sentence goes on after its name."""


class Placed(NamedTuple):
    """A task file, read.

    Attributes:
        parts: Where its parts are.
        entry: What it says, as the entry of a manifest, without what only files have.
    """

    task: FileTask
    parts: Parts
    entry: dict[str, Any]


def placed(name: str, data: bytes) -> Placed:
    """What the file `name`, whose bytes are `data`, says.

    Raises:
        NotConvertibleError: It cannot be read as a task, or not all of it.
    """
    read, found = read_task(name, data), parts(data)
    broken = [each for each in read.defects if each.damage is not Damage.LENIENT]
    if broken:
        raise NotConvertibleError(broken[0].message.removeprefix(f"{name} "))
    if read.task is None or found is None:
        raise NotConvertibleError("is no task file: it has no front matter")
    given = set(entry_of(read_front_matter(data[found.yaml : found.end].decode()))[0])
    given |= {key for key in ("description", "acceptance_criteria") if getattr(read.task, key)}
    if read.task.grade not in _FINER:
        given.discard("grade")
    entry = {key: _plain(getattr(read.task, key)) for key in ORDER if key in given}
    return Placed(read.task, found, entry)


def _plain(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal, and of the same types: 1 is neither true nor 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(each, other[key]) for key, each in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
