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


def epochs_taken(events: Iterable[Event], digest: str) -> set[int]:
    """The epochs of a task in which the report with this digest was taken as a whole."""
    reports = ((event.epoch, event.evidence.report) for event in counting(events))
    return {epoch for epoch, each in reports if each is not None and each.whole and each.digest == digest}
