"""Ids of check boxes that have none of their own: once given, they stay, whatever is written around them."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vtm.model.task import Criterion, FileTask

_NUMBER = re.compile(r"AC([0-9]{1,18})")


def renumbered(task: FileTask, remembered: Mapping[str, str]) -> FileTask:
    """`task` with the ids that its boxes had when they had the texts `remembered`, by id and in their order.

    A box is the same if its text is, wherever it stands; of those whose text is new, as many as are gone from
    one place are the ones that were there, reworded; all others get numbers that no box had.
    """
    given = set(task.numbered)
    plain = [each for each in task.acceptance_criteria if each.id in given]
    if {each.id: each.text for each in plain} == dict(remembered):
        return task
    own = [each.id for each in task.acceptance_criteria if each.id not in given]
    ids = _ids([each.text for each in plain], remembered, own)
    new = dict(zip((each.id for each in plain), ids, strict=True))
    return replace(
        task,
        acceptance_criteria=tuple(
            Criterion(new.get(each.id, each.id), each.text) for each in task.acceptance_criteria
        ),
        met=tuple(new.get(each, each) for each in task.met),
        numbered=tuple(ids),
    )


def _ids(texts: Sequence[str], remembered: Mapping[str, str], own: Sequence[str]) -> list[str]:
    found: dict[int, str] = {}
    free = dict(remembered)
    for each in own:
        free.pop(each, None)
    for position, text in enumerate(texts):
        same = next((name for name, before in free.items() if before == text), None)
        if same is not None:
            found[position] = same
            del free[same]
    found |= _reworded(texts, remembered, free, found)
    numbers = [int(match[1]) for each in (*remembered, *own) if (match := _NUMBER.fullmatch(each))]
    last = max(numbers, default=0)
    for position in range(len(texts)):
        if position not in found:
            last += 1
            found[position] = f"AC{last:02}"
    return [found[position] for position in range(len(texts))]


def _reworded(
    texts: Sequence[str], remembered: Mapping[str, str], free: Mapping[str, str], found: Mapping[int, str]
) -> dict[int, str]:
    """Positions of texts that stand where as many others stood, and the ids of those."""
    from difflib import SequenceMatcher  # noqa: PLC0415  2 ms, only where boxes were edited

    names = list(remembered)
    changes = SequenceMatcher(None, [remembered[each] for each in names], texts, autojunk=False).get_opcodes()
    pairs: dict[int, str] = {}
    for kind, first, last, start, end in changes:
        if kind == "replace":
            gone = [name for name in names[first:last] if name in free]
            new = [position for position in range(start, end) if position not in found]
            if len(gone) == len(new):
                pairs |= dict(zip(new, gone, strict=True))
    return pairs
