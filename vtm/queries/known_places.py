"""Phases and slices that a user names must be there: an empty answer would hide a slip of the pen."""

from collections.abc import Callable, Iterable

from vtm.errors import WrongUsageError
from vtm.model.naming import nearest
from vtm.model.task import Task
from vtm.queries.filters import Filters, place_name

_NAMED = 5


def refuse_unknown_places(tasks: Iterable[Task], filters: Filters) -> None:
    """Let nothing pass that asks for a phase or a slice of which no task is, whatever its status.

    Raises:
        WrongUsageError: There is none; the nearest names are offered.
    """
    declared = list(tasks)
    _refuse_unknown(declared, filters.phase, "phase", lambda task: task.phase)
    _refuse_unknown(declared, filters.slice, "slice", lambda task: task.slice)


def _refuse_unknown(tasks: Iterable[Task], asked: str, word: str, name_of: Callable[[Task], str]) -> None:
    if not asked:
        return
    names = {place_name(name, word): name for name in dict.fromkeys(map(name_of, tasks)) if name}
    name = place_name(asked, word)
    if name in names:
        return
    near = [names[each] for each in nearest(name, list(names))]
    if near:
        fix = f"did you mean {' or '.join(near)}?"
    elif names:
        more = " and more" if len(names) > _NAMED else ""
        fix = f"there are {', '.join(list(names.values())[:_NAMED])}{more}"
    else:
        fix = f"no task has a {word}"
    raise WrongUsageError(f"there is no {word} {asked}", code=f"UNKNOWN-{word.upper()}", fix=fix)
