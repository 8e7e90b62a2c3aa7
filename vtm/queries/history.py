"""What has happened, and whether the state is what it comes to."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.event import Event
from vtm.model.state import TaskState
from vtm.queries.changed import Difference


class Log(Struct, frozen=True, tag_field="schema", tag="vtm.log/1"):
    """Events, the last one at the end.

    Attributes:
        task_id: Whose they are; empty: of all tasks.
        total: How many there are.
        unreadable: Numbers of lines that are no events, from 1.
    """

    task_id: str
    total: int
    returned: int
    truncated: bool
    events: Sequence[Event]
    unreadable: Sequence[int] = ()


class EntryDiffers(Struct, frozen=True):
    """An entry that is not what the journal gives.

    Attributes:
        what: How the two stand to each other, in words.
        fields: What differs: `before` as the journal gives it, `after` as it is in the state.
    """

    task_id: str
    what: str
    fields: Sequence[Difference]


class IllegalJump(Struct, frozen=True):
    """An event that does not go on from where its task was then."""

    task_id: str
    id: str
    event: str
    says: str
    was: str


class Replay(Struct, frozen=True, tag_field="schema", tag="vtm.replay/1"):
    """The state worked out from the journal alone, compared with the state as it is.

    Attributes:
        sound: Whether nothing differs, no line is unreadable and none is unfinished; jumps do not count.
        journal: Whether there is one.
        events: How many it holds.
        unknown: Tasks that are in the journal and that nobody declares.
        torn: Bytes at the end that were never finished.
        tasks: What the journal gives, by id.
    """

    sound: bool
    journal: bool
    events: int
    differences: Sequence[EntryDiffers]
    jumps: Sequence[IllegalJump]
    unreadable: Sequence[int]
    unknown: Sequence[str]
    torn: int
    tasks: dict[str, TaskState]
