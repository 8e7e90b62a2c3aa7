"""How the two sides of one entry become one, field by field, where no journal decides."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from types import MappingProxyType

from msgspec import UNSET, json

from vtm.model.state import UNTOUCHED
from vtm.model.three_way import Chosen, Clash, Json, Sides, assembled, three_way

DEFAULTS = MappingProxyType(json.decode(json.encode(UNTOUCHED)))
"""What each field of an entry is where it is not written."""

_WHOLE = {"evidence", "attempts"}
"""Half of one side's value and half of the other's would say what nobody said."""


def by_field(entry: Sides) -> Chosen:
    """The three versions of one entry as one; they are objects, or absent."""
    fields = {key: merged_field(key, entry.member(key)) for key in entry.names()}
    if "acs_remaining" in fields:
        fields["acs_remaining"] = Chosen(remaining(entry, fields.get("acs_completed", Chosen([])).value))
    return assembled(fields)


def merged_field(name: str, sides: Sides) -> Chosen:
    """One field of an entry; an unknown one is merged as any JSON is."""
    if not sides.disputed:
        return Chosen(sides.changed)
    if name not in DEFAULTS:
        return three_way(sides)
    written = Sides(*(DEFAULTS[name] if each is UNSET else each for each in sides))
    if not written.disputed:
        return Chosen(written.changed)
    rule, kind = _RULES.get(name, (None, object))
    if rule and all(isinstance(each, kind) for each in written):
        return Chosen(rule(written))
    return Chosen(sides.ours, (Clash((), sides),)) if name in _WHOLE else three_way(sides)


def remaining(entry: Sides, met: Json) -> Json:
    """Criteria that ours and then theirs lists as left, without those that are met."""
    lists = [side for side in entry.member("acs_remaining")[1:] if isinstance(side, list)]
    done = met if isinstance(met, list) else []
    return _once(each for side in lists for each in side if each not in done) if lists else UNSET


def _criteria(sides: Sides) -> Json:
    """What either side added and neither removed."""
    base, ours, theirs = sides
    kept = [each for each in ours if each in theirs or each not in base]
    return _once([*kept, *(each for each in theirs if each not in base)])


def _notes(sides: Sides) -> Json:
    """The lines that both begin with, then what else ours says, then what else theirs says."""
    ours, theirs = (side.splitlines() for side in sides[1:])
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False)))
    return "\n".join([*ours, *theirs[begin:]])


def _largest(sides: Sides) -> Json:
    return max(sides)


def _once(items: Iterable[Json]) -> list[Json]:
    found: list[Json] = []
    for each in items:
        if each not in found:
            found.append(each)
    return found


_RULES: dict[str, tuple[Callable[[Sides], Json], type]] = {
    "acs_completed": (_criteria, list),
    "notes": (_notes, str),
    "epoch": (_largest, int),
}
