"""`vtm init` as text."""

from collections.abc import Iterator

from vtm.queries.initialised import Initialised, InitialisedWithGit
from vtm.rendering.render import Terminal


def lines(result: Initialised | InitialisedWithGit, _: Terminal) -> Iterator[str]:
    """One line for each file and each thing set in git, then what to do next."""
    yield f"In {result.root}:"
    yield from (f"  created {path}" for path in result.created)
    yield from (f"  kept    {path}, which was there" for path in result.kept)
    if isinstance(result, InitialisedWithGit):
        yield "In git:"
        for step in result.git:
            yield f"  {step.done:<7} {step.what}{': ' if step.note else ''}{step.note}"
    yield "Next: `vtm validate`, then `vtm next`."
