"""`vtm next` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.card import TaskCard
from vtm.queries.next_task import NextTask, NoTask, Outcome
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines


def lines(result: NextTask | NoTask, _: Terminal) -> Iterator[str]:
    """The task to start, or why there is none."""
    if isinstance(result, NoTask):
        yield f"{result.error} ({result.outcome}): {result.reason}."
        for skipped in result.skipped:
            yield f"  {skipped.task_id}: {', '.join(skipped.codes)}"
        if result.outcome in {Outcome.DEADLOCKED, Outcome.WAITING}:
            yield f"`vtm {'why TASK' if result.skipped else 'blocked'}` tells more."
        return
    yield from card_lines(result)
    yield f"  tests first: {result.tdd}"
    yield from finding_lines(result.findings)
    for skipped in result.skipped:
        yield f"  passed over {skipped.task_id}: {', '.join(skipped.codes)}"


def card_lines(card: TaskCard) -> Iterator[str]:
    """A task with everything that whoever does it must know."""
    yield f"{card.task_id}: {card.title}" if card.title else card.task_id
    place = [each for each in (card.phase, card.slice) if each]
    status = [card.status, "provisional"] if card.provisional else [card.status]
    yield "  " + ", ".join([f"{card.risk} risk", f"size {card.size}", *place, *status])
    if card.description:
        yield f"  {card.description}"
    yield from _list("criteria", [f"{each.id}  {each.text}" for each in card.acceptance_criteria])
    yield from _list("depends on", card.depends_on_tasks)
    yield from _list("specs", card.related_specs)
    yield from _list("decisions", card.related_adrs)
    yield from _list("guides", card.related_guides)
    yield from _list("tests", card.test_verification)


def _list(head: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"  {head}:"
        yield from (f"    {item}" for item in items)
