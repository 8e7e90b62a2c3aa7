"""`vtm worktree make` as text."""

from collections.abc import Iterator

from vtm.queries.worktree_made import Made, MadeWorktree
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines


def lines(result: Made, _: Terminal) -> Iterator[str]:
    """Each worktree with its branch, then what could not be made, and what to do about it."""
    for each in result.worktrees:
        yield f"{each.task}: {each.path}"
        yield f"  {_branch(each)}"
        yield from finding_lines(each.findings)
    for one in result.failed:
        yield f"{one.task}: not made, {one.code}: {one.message}"
        yield f"  fix: {one.fix}"


def _branch(made: MadeWorktree) -> str:
    since = f"since {made.base[:12]} of main" if made.base else "which has nothing in common with main"
    return f"branch {made.branch}, {since}{'' if made.created else '; it was there'}"
