"""A line of what is printed."""

from typing import NamedTuple

from measure import Cost


class Row(NamedTuple):
    """What was measured, against what, and the ratio that it must not exceed."""

    what: str
    yardstick: str
    ratio: float
    bar: float


def ratio(costs: dict[str, Cost], name: str, base: str) -> float:
    """How many times as long as `base` did `name` take."""
    return costs[name].seconds / costs[base].seconds
