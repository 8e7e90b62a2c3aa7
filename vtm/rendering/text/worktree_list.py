"""`vtm worktree list` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.worktree_list import WorktreeList, WorktreeStand
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, moment


def lines(result: WorktreeList, _: Terminal) -> Iterator[str]:
    """A line for each worktree, what is out of order with it, and how many there are."""
    rows = [_columns(each) for each in result.worktrees]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for each, row in zip(result.worktrees, rows, strict=True):
        yield _padded(row, widths)
        if not each.task:
            yield f"  worktree: {each.path}"
        if each.behind and not each.trouble:
            yield f"  warning: {counted(each.behind, 'commit')} of {result.main} came after its base"
        if each.trouble:
            yield f"  warning: {each.trouble}"
    yield counted(len(result.worktrees), "worktree")


def details(stand: WorktreeStand, main: str = "main") -> Iterator[str]:
    """How one worktree stands, a line for each thing."""
    yield f"  worktree: {stand.path}"
    yield f"  branch: {stand.branch or 'none'}"
    yield f"  base: {stand.base[:12] or 'unknown'}"
    yield f"  commits: {stand.ahead} that {main} lacks, {stand.behind} of {main} missing"
    if stand.session:
        yield f"  session: {stand.session}, {stand.session_status}"
    if stand.owner:
        yield f"  lease: {stand.owner}"
    if stand.last_activity:
        yield f"  last activity: {moment(stand.last_activity)}"
    if stand.trouble:
        yield f"  warning: {stand.trouble}"


def _columns(stand: WorktreeStand) -> list[str]:
    session = f"{stand.session} {stand.session_status}" if stand.session else "-"
    columns = (
        stand.task or "-",
        stand.branch or "-",
        stand.base[:12] or "-",
        f"+{stand.ahead} -{stand.behind}",
        f"{stand.dirty} changed" if stand.dirty else "clean",
        session,
        moment(stand.last_activity) if stand.last_activity else "-",
    )
    return [one_line(each) for each in columns]


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
