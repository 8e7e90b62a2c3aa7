"""`vtm git-merge` as text."""

from collections.abc import Iterator

from vtm.queries.git_merge import StateMerged
from vtm.rendering.render import Terminal


def lines(result: StateMerged, _: Terminal) -> Iterator[str]:
    """One line, which git shows between its own."""
    how = "as the journals of both sides say" if result.by_journal else "field by field, without the journals"
    yield f"vtm merged {result.path} {how}"
