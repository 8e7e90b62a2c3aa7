"""Tasks that a planner proposes: the ids that they lack, and what their dependencies point at."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from vtm.model.backlog import Backlog
from vtm.model.finding import Damage, Pointer
from vtm.model.numbering import Numbering, criterion_style

DUPLICATE = "GAP::DUPLICATE-TASK-ID"
DANGLING = "GAP::DANGLING-DEPENDENCY"
SCHEMA = Damage.SCHEMA.value

Entry = dict[str, Any]


class Flaw(NamedTuple):
    """What is wrong with a proposal.

    Attributes:
        proposal: Its position, from 0.
        keys: Where in it.
    """

    proposal: int
    keys: Pointer
    code: str
    message: str
    fix: str


class Resolved(NamedTuple):
    """Proposals with ids and dependencies, as they can stand in a manifest.

    Attributes:
        entries: One for each proposal.
        flaws: Why they cannot be added.
        doubts: What may be a mistake.
    """

    entries: list[Entry]
    flaws: list[Flaw]
    doubts: list[Flaw]


def resolved(proposals: Sequence[Mapping[str, Any]], backlog: Backlog) -> Resolved:
    """Give ids to tasks and criteria that have none, and turn positions into ids of tasks.

    A number that a state entry has is taken too: a new task must not find that it was started long ago.
    """
    found = Resolved([], [], [])
    ids = _task_ids(proposals, backlog, found)
    style = criterion_style(backlog.tasks)
    numbers = Numbering(each.id for task in backlog.tasks for each in task.acceptance_criteria)
    for proposal in proposals:
        for each in _criteria(proposal):
            if isinstance(each, dict) and isinstance(each.get("id"), str):
                numbers.take(each["id"])
    for index, proposal in enumerate(proposals):
        entry = {"task_id": ids[index]} | dict(proposal)
        stem = style.stem(str(ids[index]), _text(entry.get("capability_id")))
        if "acceptance_criteria" in entry and isinstance(entry["acceptance_criteria"], list):
            entry["acceptance_criteria"] = [_criterion(each, stem, numbers) for each in _criteria(entry)]
        if isinstance(entry.get("depends_on_tasks"), list):
            entry["depends_on_tasks"] = _dependencies(index, entry["depends_on_tasks"], ids, found.flaws)
        found.entries.append(entry)
    return found


def _task_ids(proposals: Sequence[Mapping[str, Any]], backlog: Backlog, found: Resolved) -> list[Any]:
    """The id of each proposal; what was given is kept, whatever it is."""
    given = [each["task_id"] for each in proposals if "task_id" in each]
    numbers = Numbering([*_known(backlog), *(each for each in given if isinstance(each, str))])
    capabilities = {task.capability_id for task in backlog.tasks}
    seen: set[str] = set()
    ids: list[Any] = []
    for index, proposal in enumerate(proposals):
        name = proposal.get("task_id")
        capability = proposal.get("capability_id")
        if name is None and isinstance(capability, str) and capability:
            name = numbers.next(f"{capability}--T")
            if backlog.tasks and capability not in capabilities:
                found.doubts.append(_new_capability(index, capability))
        elif name is None:
            name = f"proposal {index}"
            found.flaws.append(_nameless(index, present="capability_id" in proposal))
        elif isinstance(name, str) and (name in backlog or name in seen):
            found.flaws.append(_duplicate(index, name, known=name in backlog))
        if isinstance(name, str):
            seen.add(name)
        ids.append(name)
    return ids


def _known(backlog: Backlog) -> list[str]:
    return [*(task.task_id for task in backlog.manifest.tasks), *backlog.state.tasks]


def _criteria(entry: Mapping[str, Any]) -> list[Any]:
    criteria = entry.get("acceptance_criteria")
    return criteria if isinstance(criteria, list) else []


def _criterion(given: Any, stem: str, numbers: Numbering) -> Any:
    if isinstance(given, str):
        given = {"text": given}
    if isinstance(given, dict) and "id" not in given:
        return {"id": numbers.next(stem)} | given
    return given


def _dependencies(index: int, given: list[Any], ids: Sequence[Any], flaws: list[Flaw]) -> list[Any]:
    needed = []
    for at, each in enumerate(given):
        if isinstance(each, bool) or not isinstance(each, int):
            needed.append(each)
        elif 0 <= each < len(ids):
            needed.append(ids[each])
        else:
            count = "1 proposal" if len(ids) == 1 else f"{len(ids)} proposals"
            what = f"{ids[index]} depends on proposal {each}, and there are {count}, counted from 0"
            fix = "write the position of a proposal in the list, or the id of a task"
            flaws.append(Flaw(index, ("depends_on_tasks", at), DANGLING, what, fix))
            needed.append(f"#{each}")
    return needed


def _new_capability(index: int, capability: str) -> Flaw:
    what = f"capability_id {capability!r} is read as a new capability: no task of the backlog has it"
    return Flaw(index, ("capability_id",), Damage.LENIENT.value, what, "correct it unless it is meant")


def _nameless(index: int, *, present: bool) -> Flaw:
    what = "a capability_id that names none" if present else "no capability_id that one could be made from"
    message = f"proposal {index} has no task_id and {what}"
    keys: Pointer = ("capability_id",) if present else ()
    return Flaw(index, keys, SCHEMA, message, "write task_id, or capability_id for the next number of it")


def _duplicate(index: int, name: str, *, known: bool) -> Flaw:
    where = "is in the backlog already" if known else "is proposed twice"
    fix = "give it another id, or leave task_id out to have one made"
    return Flaw(index, ("task_id",), DUPLICATE, f"{name} {where}", fix)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
