"""Many edits of JSON text at once: each object and list is looked at only once."""

from collections.abc import Iterable, Iterator

from vtm.model.edits import Appended, Edit, Removed, Replaced
from vtm.sources.json_text import Container, Splice, opened, spliced


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The JSON text `data` after `edits`, whose pointers lead to what is there."""
    top = _Branch()
    for edit in edits:
        branch = top
        for key in edit.pointer[:-1]:
            branch = branch.below.setdefault(key, _Branch())
        branch.edits.append(edit)
    return spliced(data, _splices(opened(data), top))


class _Branch:
    """The edits of members of one object or list, and those of what is inside them."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.below: dict[str | int, _Branch] = {}


def _splices(container: Container, branch: _Branch) -> Iterator[Splice]:
    values: dict[str | int, object] = {}
    removed: set[str | int] = set()
    appended: dict[str | int, list[object]] = {}
    for edit in branch.edits:
        key = edit.pointer[-1]
        if isinstance(edit, Replaced):
            values[key] = edit.value
        elif isinstance(edit, Removed):
            removed.add(key)
        elif isinstance(edit, Appended):
            appended.setdefault(key, []).append(edit.value)
    if removed:
        yield from container.dropping(removed)
    for key, items in appended.items():
        found = container.inside(key)
        if found:
            yield found.appending(items)
        else:
            values[key] = items
    yield from container.setting(values)
    for key, inner in branch.below.items():
        found = container.inside(key)
        if found:
            yield from _splices(found, inner)
