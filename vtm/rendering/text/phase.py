"""`vtm phase` as text."""

from collections.abc import Iterator

from vtm.model.phase_gate import Gated, Outcome
from vtm.queries.phase import PhaseCard, PhaseView
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, listed


def lines(result: PhaseView, _: Terminal) -> Iterator[str]:
    """The phases with their gates, then who changed what."""
    if not result.phases:
        yield "There are no tasks."
    for each in result.phases:
        yield _phase(each, result)
        yield from (f"    {line}" for gate in (each.before, each.after) for line in _gate(gate))
    if result.files:
        yield f"Changed in {result.shown}:"
    for agent in dict.fromkeys(each.agent for each in result.files):
        paths = [each.path for each in result.files if each.agent == agent]
        yield f"  {agent or 'nobody named'}: {listed(list(dict.fromkeys(paths)))}"
    if result.files:
        documents = "with" if result.documentation_updated else "without"
        yield f"  {counted(len(result.tests), 'file')} of tests, {documents} documentation"
    if result.last_checkpoint:
        yield f"Last checkpoint: {result.last_checkpoint}"


def _phase(each: PhaseCard, result: PhaseView) -> str:
    mark = "x" if each.phase in result.completed else ">" if each.phase == result.current else " "
    done = f"{each.progress.completed} of {counted(each.progress.total, 'task')} completed"
    rest = ", ".join(f"{count} {status}" for status, count in each.tasks.items() if status != "completed")
    return f"{mark} {each.phase}  {done}{f' ({rest})' if rest else ''}"


def _gate(gate: Gated) -> Iterator[str]:
    if gate.outcome is Outcome.UNSET:
        return
    yield f"gate {gate.side}: {gate.outcome}{f', {gate.reason}' if gate.reason else ''}"
    if gate.outcome is Outcome.FAILED and gate.last:
        yield from (f"  {line}" for line in gate.last.output.splitlines()[-5:])
