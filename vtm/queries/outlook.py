"""What to start now, and how far things are: what an agent asks first."""

from msgspec import Struct

from vtm.queries.next_task import NextTask, NoTask
from vtm.queries.pulse import Pulse


class Outlook(Struct, frozen=True, tag_field="schema", tag="vtm.outlook/1"):
    """The task to start now, with the state of the work.

    Attributes:
        next: The task; null: there is none, and `nothing` says why.
    """

    next: NextTask | None
    nothing: NoTask | None
    pulse: Pulse


def outlook(answer: NextTask | NoTask, pulse: Pulse) -> Outlook:
    """Both answers in one."""
    found = answer if isinstance(answer, NextTask) else None
    return Outlook(found, answer if isinstance(answer, NoTask) else None, pulse)
