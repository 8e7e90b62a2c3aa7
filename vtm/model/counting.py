"""Which events of a task still count."""

from collections.abc import Iterable

from vtm.model.event import Event
from vtm.model.folding import in_order


def counting(events: Iterable[Event]) -> list[Event]:
    """The events of one task that were not undone, in the order in which they count.

    To undo an undo does again what was undone.
    """
    undone: set[str] = set()
    kept = []
    for event in reversed(in_order(events)):
        if event.id in undone:
            continue
        if event.evidence.undoes:
            undone.add(event.evidence.undoes)
        else:
            kept.append(event)
    return kept[::-1]
