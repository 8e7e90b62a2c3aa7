"""`vtm commit-msg` as text."""

from collections.abc import Iterator

from vtm.queries.commit_scaffold import CommitScaffold
from vtm.rendering.render import Terminal


def lines(result: CommitScaffold, _: Terminal) -> Iterator[str]:
    """The message as git takes it."""
    yield from result.message.split("\n")
