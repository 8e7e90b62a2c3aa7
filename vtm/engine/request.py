"""What is asked for, and how it is let through."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Action, Caller
from vtm.model.finding import Finding
from vtm.model.override import NO_OVERRIDE, Override
from vtm.model.refusal import RefusedError
from vtm.model.task import Task


class Prepared(NamedTuple):
    """What was done to what is declared before a change is written.

    Attributes:
        resolver: Id of a task that was added to resolve what blocks this one.
        manifest_hash: Canonical hash of the manifest then; empty: it did not change.
    """

    resolver: str = ""
    manifest_hash: str = ""


class Request(NamedTuple):
    """A change that is asked for.

    Attributes:
        task: The id, as it was typed.
        details: What comes with it, once the task is known; it may refuse.
        prepare: What is to be done to what is declared once all gates have let the change through.
        action: Whose gates are to be asked, beyond those of every change.
    """

    task: str
    kind: Kind
    caller: Caller
    details: Callable[[Backlog, Task], Details]
    action: Action = Action.RECORD
    override: Override = NO_OVERRIDE
    dry_run: bool = False
    prepare: Callable[[Backlog, Task], Prepared] | None = None


def refuse(findings: Sequence[Finding], what: str) -> None:
    """Let nothing pass that is held up.

    Raises:
        RefusedError: One of `findings` holds it up.
    """
    blocking = [each for each in findings if each.blocking]
    if blocking:
        raise RefusedError(what, blocking)
