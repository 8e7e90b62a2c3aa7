"""`vtm migrate` as text."""

from collections.abc import Iterator

import msgspec

from vtm.queries.migrated import Migrated
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted

_LONGEST = 120


def lines(result: Migrated, _: Terminal) -> Iterator[str]:
    """A line for each value, and for each entry that is left alone."""
    for each in result.changes:
        where = f"{each.task_id}: {each.field}" if each.task_id else each.field
        yield f"~ {where}: {_shown(each.before)} -> {_shown(each.after)}"
    for entry in result.unreadable:
        yield f"  {entry.task_id}: left alone, since it cannot be read: {entry.problem}"
    if not result.changes:
        yield "The state is in the present form."
    elif result.applied:
        yield f"{counted(len(result.changes), 'value')} changed."
    else:
        yield f"Nothing was written; --apply changes {counted(len(result.changes), 'value')}."


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
