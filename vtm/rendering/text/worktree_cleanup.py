"""`vtm worktree cleanup` as text."""

from collections.abc import Iterator

from vtm.queries.shell_words import call
from vtm.queries.worktree_cleaned import Cleaned, Cleanup
from vtm.rendering.render import Terminal


def lines(result: Cleanup, _: Terminal) -> Iterator[str]:
    """What became of each worktree."""
    for each in result.worktrees:
        yield f"{each.task}: {_what(each)}"
        if each.rescue:
            yield f"  saved as {each.rescue}; `{call('worktree rescue', each.task)}` brings it back"
        if each.branch_kept and not each.kept:
            yield f"  branch {each.branch} stays"
    if not result.worktrees:
        yield "there are no worktrees of tasks"


def _what(cleaned: Cleaned) -> str:
    if cleaned.kept:
        return f"kept, {cleaned.reason}"
    if cleaned.removed:
        return f"removed, {cleaned.reason}" if cleaned.reason else "removed"
    return cleaned.reason
