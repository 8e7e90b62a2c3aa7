"""`vtm worktree rescue --list` as text."""

from collections.abc import Iterator

from vtm.queries.worktree_rescue import Rescues
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import listed, moment


def lines(result: Rescues, _: Terminal) -> Iterator[str]:
    """What was saved when, and how to let go of it."""
    for each in result.rescues:
        yield f"{each.task or '-'}: {each.ref}, saved {moment(each.saved_at)}"
        yield f"  {listed(each.paths) or 'no files, but a commit'}"
        yield f"  to let go of it: {each.drop}"
    if not result.rescues:
        yield "nothing is saved"
