"""`vtm status` as text; at a terminal each phase has a bar."""

from collections.abc import Iterator, Mapping

from vtm.queries.pulse import Progress
from vtm.queries.status import BacklogStatus
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import age

_WIDEST = 40


def lines(result: BacklogStatus, terminal: Terminal) -> Iterator[str]:
    """Phases, slices, risks, what was completed last and what is in progress."""
    yield "Tasks: " + " | ".join(f"{status} {count}" for status, count in result.tasks.items())
    yield from _group("Phases", result.by_phase, terminal)
    yield from _group("Slices", result.by_slice, Terminal())
    yield from _group("Risks", result.by_risk, Terminal())
    yield f"Completed last:{'' if result.recent_completed else ' none'}"
    for each in result.recent_completed:
        ago = f"  {age(each.seconds)} ago" if each.seconds is not None else ""
        yield f"  {each.task_id}{ago}"
    yield f"In progress:{'' if result.in_progress else ' none'}"
    for running in result.in_progress:
        yield f"  {running.task_id}  {running.acs_completed} ACs completed, {running.acs_remaining} remaining"


def _group(head: str, group: Mapping[str, Progress], terminal: Terminal) -> Iterator[str]:
    yield f"{head}:{'' if group else ' none'}"
    names = {name: one_line(name) or "(none)" for name in group}
    width = max((len(each) for each in names.values()), default=0)
    for name, done in group.items():
        bar = _bar(done, terminal.width - width - 30) if terminal.decorated else ""
        yield f"  {names[name]:<{width}}  {bar}{done.percent:5.1f}% ({done.completed}/{done.total})"


def _bar(done: Progress, width: int) -> str:
    width = max(10, min(_WIDEST, width))
    full = done.completed * width // done.total if done.total else 0
    return "█" * full + "░" * (width - full) + " "
