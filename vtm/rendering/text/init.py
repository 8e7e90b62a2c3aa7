"""`vtm init` as text."""

from collections.abc import Iterator

from vtm.queries.initialised import Initialised
from vtm.rendering.render import Terminal


def lines(result: Initialised, _: Terminal) -> Iterator[str]:
    """One line for each file, then what to do next."""
    yield f"In {result.root}:"
    yield from (f"  created {path}" for path in result.created)
    yield from (f"  kept    {path}, which was there" for path in result.kept)
    yield "Next: `vtm validate`, then `vtm next`."
