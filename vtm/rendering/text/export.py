"""`vtm export` as text."""

from collections.abc import Iterator

from vtm.queries.exported import Exported, sentences
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: Exported, _: Terminal) -> Iterator[str]:
    """What was written, and what is not in it."""
    files = counted(result.files, "file")
    yield f"Wrote {counted(result.tasks, 'task')} to {result.path} ({files})."
    yield from sentences(result.format, result.left_out, result.unreadable)
