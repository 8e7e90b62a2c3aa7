"""What a run is to do, and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vtm.model.status import Size
from vtm.queries.filters import Filters
from vtm.queries.planning import Mode
from vtm.queries.run import TaskReason, WaitingBranch

PHASE = "PHASE-GATE"
"""A command at the border of a phase fails."""


class Order(NamedTuple):
    """What a run is to do.

    Attributes:
        run: Its id.
        places: How many tasks may be in progress at the same time.
        minutes: How long a task of a size is thought to take.
        in_waves: Whether tasks are started only when none is in progress.
        until: How many tasks to complete at most; None: all.
        merge: Whether what is completed is merged.
    """

    run: str
    filters: Filters
    mode: Mode
    places: int
    minutes: Mapping[Size, int]
    in_waves: bool = False
    until: int | None = None
    merge: bool = False


@dataclass
class Tally:
    """What has come of a run so far.

    Attributes:
        away: Completed tasks that main does not hold, by id.
        held: Tasks that gates keep from being started, by id; asked for again when something has happened.
        told: Codes for which a task was last said to be held, by id.
        given_up: Tasks that this run does not start again, by id.
        one_by_one: Id to the group in which one failed.
        gate: Why the gate behind a phase that is over does not let through; empty: it does.
    """

    completed: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    blocked: dict[str, TaskReason] = field(default_factory=dict)
    away: dict[str, WaitingBranch] = field(default_factory=dict)
    held: dict[str, TaskReason] = field(default_factory=dict)
    told: dict[str, Sequence[str]] = field(default_factory=dict)
    given_up: dict[str, TaskReason] = field(default_factory=dict)
    one_by_one: dict[str, int] = field(default_factory=dict)
    gate: str = ""

    def ask_again(self, *, gates: bool) -> None:
        """Let what was held be asked for again; `gates`: also what commands at the border of a phase hold."""
        self.held = {name: why for name, why in self.held.items() if not gates and PHASE in why.codes}
