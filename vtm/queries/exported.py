"""What `vtm export` wrote."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Exported(Struct, frozen=True, tag_field="schema", tag="vtm.export/1"):
    """Tasks in a format of another tool.

    Attributes:
        path: What was written: a file, or a folder of files.
        files: How many were written.
        tasks: How many are in them.
        left_out: Attributes of tasks that the format cannot hold as they are, and how many tasks have each.
    """

    format: str
    path: str
    files: int
    tasks: int
    left_out: Mapping[str, int]


def sentences(format_name: str, left_out: Mapping[str, int]) -> Sequence[str]:
    """What is not in an export, for people."""
    return [
        f"{format_name} cannot hold {name} as it is: {count} {'task has' if count == 1 else 'tasks have'} it"
        for name, count in left_out.items()
    ]
