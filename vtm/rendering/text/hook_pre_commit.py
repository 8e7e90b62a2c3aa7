"""`vtm hook pre-commit` as text."""

from collections.abc import Iterator

from vtm.queries.hook_pre_commit import CommitAllowed
from vtm.rendering.render import Terminal


def lines(result: CommitAllowed, _: Terminal) -> Iterator[str]:
    """What the commit takes of vtm's own files."""
    if result.paths:
        yield f"{', '.join(result.paths)} may be committed on {result.branch or 'no branch'}"
