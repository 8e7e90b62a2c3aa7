"""Whether the state is what the journal gives, as text."""

from collections.abc import Iterator

from vtm.queries.history import Replay
from vtm.rendering.render import Terminal
from vtm.rendering.text.change import shown
from vtm.rendering.text.wording import counted, listed


def lines(result: Replay, _: Terminal) -> Iterator[str]:
    """What differs, what was not legal, what cannot be read."""
    if not result.journal:
        yield "there is no journal yet; the first change starts one"
        return
    for each in result.differences:
        yield f"{each.task_id}: {each.what}"
        for field in each.fields:
            yield f"  {field.field}: {shown(field.before)} in the journal, {shown(field.after)} in the state"
    for jump in result.jumps:
        yield f"{jump.task_id}: {jump.event} ({jump.id}) says it was {jump.says}, but it was {jump.was}"
    for line in result.unreadable:
        yield f"line {line} of the journal is no event"
    if result.torn:
        yield f"the journal ends in {counted(result.torn, 'byte')} that were never finished"
    if result.unknown:
        yield f"in the journal, but not declared: {listed(result.unknown)}"
    verdict = "the state is what the journal gives" if result.sound else "`vtm doctor` puts it right"
    yield f"{counted(result.events, 'event')} of {counted(len(result.tasks), 'task')}: {verdict}"
