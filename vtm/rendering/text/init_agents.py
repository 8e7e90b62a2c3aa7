"""`vtm init --agent` as text."""

from collections.abc import Iterator

from vtm.queries.installed import AgentsInstalled
from vtm.rendering.render import Terminal


def lines(result: AgentsInstalled, _: Terminal) -> Iterator[str]:
    """One line for each file, then what is to be done by hand."""
    yield f"In {result.root}{' (nothing is written)' if result.dry_run else ''}:"
    for each in result.files:
        yield f"  {each.done:<7} {each.path}{': ' if each.note else ''}{each.note}"
    for each in result.files:
        if each.by_hand:
            yield f"Add to {each.path} by hand:"
            yield from (f"  {line}" for line in each.by_hand.splitlines())
