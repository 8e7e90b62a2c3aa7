"""What is to be scheduled, what becomes of it, and whose turn it is."""

from collections.abc import Sequence
from typing import NamedTuple

from vtm.graph.order import followers, ordered

Turn = tuple[int, int, int]
"""Of two the smaller one comes first."""


class Job(NamedTuple):
    """Something to be done.

    Attributes:
        minutes: How long it takes; not negative.
        rank: Of jobs with equally much behind them the one with the smallest rank goes first.
        after: Names of what has to be over before; names that are not known count as over.
        alone: Whether nothing else may run meanwhile.
        scope: Globs of the files it changes.
        gate: Whether it is none but a condition: it takes neither time nor place.
    """

    name: str
    minutes: int
    rank: int = 0
    after: Sequence[str] = ()
    alone: bool = False
    scope: Sequence[str] = ()
    gate: bool = False


class KeptOut(NamedTuple):
    """A job that had its turn and did not start.

    Attributes:
        task: A running one that it conflicts with; empty where it is a glob.
        glob: Of a running one, which can match the same path.
    """

    name: str
    task: str
    glob: str


class Round(NamedTuple):
    """What starts at one moment.

    Attributes:
        at: In minutes from the beginning.
        names: In the order in which they had their turn.
        beside: What was started before and still runs.
        kept_out: The first of those that had their turn and did not start.
        lone: One that could start too but runs alone; empty: there is none.
        held: One that is not started because it would keep `lone` waiting for longer; empty: there is none.
    """

    at: int
    names: list[str]
    beside: list[str]
    kept_out: list[KeptOut]
    lone: str = ""
    held: str = ""


def turns(jobs: Sequence[Job], *, by_rank: bool = False) -> dict[str, Turn]:
    """Name to what decides whose turn it is, the smallest first; without what is on or behind a cycle.

    `by_rank`: what lies behind a job does not count.
    """
    graph = {job.name: job.after for job in jobs}
    by_name = {job.name: job for job in jobs}
    users = followers(graph)
    left: dict[str, int] = {}
    for name in reversed(ordered(graph).nodes):
        left[name] = by_name[name].minutes + max((left.get(user, 0) for user in users[name]), default=0)
    return {
        name: (0 if by_rank else -left[name], job.rank, place)
        for place, (name, job) in enumerate(by_name.items())
        if name in left
    }
