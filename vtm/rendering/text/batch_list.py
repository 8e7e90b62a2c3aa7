"""All batches as text."""

from collections.abc import Iterator

from vtm.queries.batches import BatchLine, BatchList
from vtm.rendering.render import Terminal
from vtm.rendering.text.batch_status import counts_line
from vtm.rendering.text.graph_table import columns
from vtm.rendering.text.wording import counted, moment


def lines(result: BatchList, _: Terminal) -> Iterator[str]:
    """A line for each batch, then how many there are."""
    if result.batches:
        yield from columns([(each.id, _when(each), counts_line(each.counts)) for each in result.batches])
    part = f"{result.returned} of " if result.truncated else ""
    yield f"{part}{counted(result.total, 'batch', 'batches')}"


def _when(batch: BatchLine) -> str:
    if batch.finished_at:
        return f"finished {moment(batch.finished_at)}"
    return f"locked {moment(batch.locked_at)}"
