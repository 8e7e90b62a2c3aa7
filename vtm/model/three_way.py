"""Three versions of one JSON value, and what becomes of them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import UNSET, json

Json = Any
"""A JSON value as it was decoded; `UNSET` where there is none."""


class Sides(NamedTuple):
    """Three versions of one value: the one that both sides started from, ours and theirs."""

    base: Json
    ours: Json
    theirs: Json

    @property
    def disputed(self) -> bool:
        """Whether both sides changed it, and differently."""
        base, ours, theirs = self
        return not (same(ours, theirs) or same(theirs, base) or same(ours, base))

    @property
    def changed(self) -> Json:
        """The value of the side that changed it; for one that is not disputed."""
        return self.theirs if same(self.ours, self.base) else self.ours

    def member(self, key: str) -> "Sides":
        """The three values that three objects have at `key`; what is no object has none."""
        return Sides(*(each.get(key, UNSET) if isinstance(each, dict) else UNSET for each in self))

    def names(self) -> list[str]:
        """Keys that ours or theirs has, ours first."""
        objects = [each for each in self[1:] if isinstance(each, dict)]
        return list(dict.fromkeys(key for each in objects for key in each))


class Clash(NamedTuple):
    """Both sides changed what lies at `path` to different values."""

    path: tuple[str, ...]
    sides: Sides


class Chosen(NamedTuple):
    """The value that is left, ours where the two sides clash."""

    value: Json
    clashes: tuple[Clash, ...] = ()


def same(left: Json, right: Json) -> bool:
    """Whether two values are the same JSON; the order of keys does not count."""
    if left is UNSET or right is UNSET:
        return left is right
    return bool(left == right) and _written(left) == _written(right)  # to Python, 1 and true are the same


def three_way(sides: Sides) -> Chosen:
    """The side that changed the value; where both did, objects are merged by key."""
    if not sides.disputed:
        return Chosen(sides.changed)
    if not (isinstance(sides.ours, dict) and isinstance(sides.theirs, dict)):
        return Chosen(sides.ours, (Clash((), sides),))
    return assembled({key: three_way(sides.member(key)) for key in sides.names()})


def assembled(members: Mapping[str, Chosen]) -> Chosen:
    """One object of members that were merged each by itself."""
    value = {key: each.value for key, each in members.items() if each.value is not UNSET}
    clashes = (
        Clash((key, *clash.path), clash.sides) for key, each in members.items() for clash in each.clashes
    )
    return Chosen(value, tuple(clashes))


def _written(value: Json) -> bytes:
    return json.encode(value, order="deterministic")
