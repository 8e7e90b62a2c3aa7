"""A hand-over as Markdown."""

from collections.abc import Iterator

from vtm.model.event import Handoff
from vtm.queries.handoff import HandedOver
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import moment

_HEADS = {
    "done": "Completed work",
    "files": "Modified files",
    "next": "Next steps",
    "constraints": "Constraints",
    "tests": "Testing status",
}


def lines(result: HandedOver, _: Terminal) -> Iterator[str]:
    """What is known, and what somebody wrote, each in five sections."""
    yield f"# Hand-over of {result.task_id} {result.title}".rstrip()
    yield ""
    on = f", on branch {result.branch}" if result.branch else ""
    yield f"It is {result.status}, epoch {result.epoch}{on}."
    yield from _sections(result, "##")
    if result.written is not None:
        by = f"by {result.written.actor}, " if result.written.actor else "at "
        yield ""
        yield f"## As written {by}{moment(result.written.at)}, epoch {result.written.epoch}"
        yield from _sections(result.written, "###")


def _sections(of: HandedOver | Handoff, level: str) -> Iterator[str]:
    for name, head in _HEADS.items():
        yield ""
        yield f"{level} {head}"
        yield ""
        items = getattr(of, name)
        yield from (f"- {each}" for each in items)
        if not items:
            yield "- none"
