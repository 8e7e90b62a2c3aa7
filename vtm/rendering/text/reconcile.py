"""`vtm reconcile` as text."""

from collections.abc import Iterator

from vtm.queries.reconciled import Reconciled
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, listed


def lines(result: Reconciled, _: Terminal) -> Iterator[str]:
    """What differs, what is done about it, and what is only told."""
    for gone in result.gone:
        yield f"- {gone.task_id} ({gone.status}) is not declared any more: its entry goes to `orphaned`"
    yield from (f"+ {each} is declared again: its entry comes back" for each in result.restored)
    for move in result.moved:
        what = f"{move.criterion} was met in {move.from_task} and is declared by {move.to_task} now"
        yield f"~ {what}: it goes there" if move.follows else f"  {what}, which has not been started"
    for left in result.remaining:
        before, after = (", ".join(each) or "none" for each in (left.before, left.after))
        yield f"~ {left.task_id}: criteria left are {after}, not {before}"
    if result.hash_before != result.hash_after:
        yield f"~ manifest_hash: {result.hash_before or 'none'} -> {result.hash_after}"
    for stale in result.stale:
        yield f"  {stale.task_id}: {', '.join(stale.criteria)} met, but not declared any more; kept"
    if result.new:
        yield f"  {counted(len(result.new), 'task')} without an entry: {listed(result.new)}"
    yield from (f"  {each}: its entry cannot be read, and is left alone" for each in result.unreadable)
    yield from (f"  {each} is under a lease" for each in result.held)
    if not result.changes:
        yield "State and manifest fit."
    elif result.applied:
        yield f"{counted(result.changes, 'change')} made."
    else:
        yield f"Nothing was written; --apply makes {counted(result.changes, 'change')}."
