"""What `vtm export` wrote."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Exported(Struct, frozen=True, tag_field="schema", tag="vtm.export/1"):
    """Tasks in a format of another tool.

    Attributes:
        path: What was written: a file, or a folder of files.
        files: How many were written.
        tasks: How many are in them.
        left_out: What the format cannot hold as it is, and how many tasks have each: attributes, keys of
            front matter that vtm does not read, `other_sections` for other text of the body.
        unreadable: Task files of which no task could be read, so that none is in the export.
    """

    format: str
    path: str
    files: int
    tasks: int
    left_out: Mapping[str, int]
    unreadable: Sequence[str]


def sentences(format_name: str, left_out: Mapping[str, int], unreadable: Sequence[str]) -> Sequence[str]:
    """What is not in an export, for people."""
    files = [f"{path} cannot be read and is left out; `vtm validate` says why" for path in unreadable]
    return files + [
        f"{format_name} cannot hold {name} as it is: {count} {'task has' if count == 1 else 'tasks have'} it"
        for name, count in left_out.items()
    ]
