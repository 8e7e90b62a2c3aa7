"""`vtm checkpoint list` as text."""

from collections.abc import Iterator

from vtm.queries.checkpoint import CheckpointCard, CheckpointList
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, moment


def lines(result: CheckpointList, _: Terminal) -> Iterator[str]:
    """A line for each checkpoint, and what is wrong with it."""
    if not result.total:
        yield "There are no checkpoints; `vtm checkpoint create NAME` makes one."
    for each in result.checkpoints:
        yield about(each)
        if each.flaw:
            yield f"  {each.fix}"
    if result.unfinished:
        yield f"A rollback to {result.unfinished} was begun and not finished;"
        yield f"  `vtm checkpoint rollback {result.unfinished} --apply` finishes it"


def about(each: CheckpointCard) -> str:
    """A checkpoint in one line."""
    if each.flaw or each.at is None:
        return f"{each.name}  damaged: {each.flaw}"
    parts = (each.name, moment(each.at), each.commit[:12], counted(each.events, "event"), each.message)
    return "  ".join(filter(None, parts))
