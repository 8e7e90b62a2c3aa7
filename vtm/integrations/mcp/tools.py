"""The tools, as clients see them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from vtm.integrations.mcp import arguments, asking, changing, reading
from vtm.integrations.mcp.reading import BUDGET
from vtm.integrations.mcp.session import Call
from vtm.queries.changed import Changed
from vtm.queries.context import Context
from vtm.queries.heartbeat import Heartbeat
from vtm.queries.next_task import NoTask
from vtm.queries.outlook import Outlook
from vtm.queries.shown import ShownTask
from vtm.queries.started import Started


class Tool(NamedTuple):
    """Something that a client can ask for.

    Attributes:
        takes: What it must be given.
        gives: What it may answer; the first kind is the usual one.
        reads: Whether it changes nothing.
        repeatable: Whether asking twice does no more than asking once.
    """

    name: str
    description: str
    takes: type[msgspec.Struct]
    gives: tuple[type[msgspec.Struct], ...]
    does: Callable[[Call, Any], msgspec.Struct]
    reads: bool = False
    repeatable: bool = False


_ALL = (
    Tool(
        "vtm_next",
        "Show the task to start now, or why there is none, and how far the work is.",
        arguments.Next,
        (Outlook,),
        asking.next_,
        reads=True,
        repeatable=True,
    ),
    Tool(
        "vtm_claim",
        "Take up a task under a lease. Answers with what to do and the epoch, which later calls here need "
        "not repeat. Later changes prolong the lease.",
        arguments.Claim,
        (Started, NoTask),
        changing.claim,
    ),
    Tool(
        "vtm_show",
        "Show all that is known of a task: criteria, state, what it waits for, findings.",
        arguments.Show,
        (ShownTask,),
        asking.show,
        reads=True,
        repeatable=True,
    ),
    Tool(
        "vtm_context",
        f"Get the documents a task refers to, whole or what of them is about it, within a budget ({BUDGET} "
        "tokens). Whole ones count as read.",
        arguments.Context,
        (Context,),
        reading.context,
        repeatable=True,
    ),
    Tool(
        "vtm_update",
        "Record progress of a claimed task: criteria met or unmet, a note, a failed verification; prolong "
        "its lease; release it (pending again); or unblock a blocked one.",
        arguments.Update,
        (Changed, Heartbeat),
        changing.update,
    ),
    Tool(
        "vtm_complete",
        "Complete a task: all criteria are met, tests passed at a commit. Names all that is missing.",
        arguments.Complete,
        (Changed,),
        changing.complete,
        repeatable=True,
    ),
    Tool(
        "vtm_block",
        "Leave a task that cannot be finished now: the safe exit. Ends the lease.",
        arguments.Block,
        (Changed,),
        changing.block,
        repeatable=True,
    ),
)
TOOLS = {tool.name: tool for tool in _ALL}
"""All tools by their names."""
