"""What tasks are expected to cost, in units of the smallest scope.

Source: docs/specs/graph-analysis.md, "Expected cost".
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from vtm.graph.cycles import Dependencies
from vtm.graph.order import Order

TRIES = 3
GIVING_UP = 70
RETENTION = 0.9


class Extras(NamedTuple):
    """Further numbers of the simple model; None: unset.

    Attributes:
        value_rate: What a unit of cost is worth.
        fallback_cost: What it costs when the task fails.
        retries: How often it is tried again.
        time_lost: What each of these costs.
    """

    value_rate: float | None = None
    fallback_cost: float | None = None
    retries: float | None = None
    time_lost: float | None = None


def with_retries(success: float, cost: float, weight: float) -> float:
    """Expected cost where two more tries are allowed and 70 is paid for giving up.

    Args:
        success: Probability of success of each try.
        cost: Of one try.
        weight: Of the task's impact.
    """
    fails = 1 - success
    at_last = 1 - fails**TRIES
    retries = sum(more * success * fails**more for more in range(TRIES))
    return weight * (cost * (at_last + retries) + (1 - at_last) * (TRIES * cost + GIVING_UP))


def simple(success: float, cost: float, weight: float, extras: Extras) -> float:
    """Cost times weight, with what failing costs where that is set; arguments as in `with_retries`."""
    rate = 1 if extras.value_rate is None else extras.value_rate
    again = 1 if extras.retries is None else extras.retries
    lost = again * (extras.time_lost or 0) if extras.fallback_cost is None else extras.fallback_cost
    return cost * weight * rate + (1 - success) * lost


def effective(success: float, parents: Iterable[tuple[float, float]]) -> float:
    """A probability of success under the effect of parents.

    Args:
        success: The task's own.
        parents: For each task that it depends on, the probability of success and the retention: which part
            of this task's chance is left where the parent has failed.
    """
    for parent, retention in parents:
        success *= parent + (1 - parent) * retention
    return success


def propagated(
    graph: Dependencies,
    order: Order,
    own: Mapping[str, float],
    certain: Collection[str] = (),
    retention: float = RETENTION,
) -> dict[str, float]:
    """Effective probabilities of the nodes of `order`, each parent under the effect of its own parents.

    Args:
        graph: What depends on what.
        order: From `ordered`.
        own: Probability of success by itself.
        certain: Nodes that have succeeded.
        retention: The same for every dependency.
    """
    found: dict[str, float] = {}
    for node in order.nodes:
        parents = [(found[each], retention) for each in dict.fromkeys(graph[node]) if each in found]
        found[node] = 1.0 if node in certain else effective(own[node], parents)
    return found
