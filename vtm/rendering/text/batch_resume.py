"""What is left to launch of a batch, as text."""

from collections.abc import Iterator

from vtm.model.batch import Mark
from vtm.queries.batch_resume import AtWork, BatchResume
from vtm.queries.batch_waves import LaunchWave
from vtm.rendering.render import Terminal
from vtm.rendering.text.batch_status import task_lines
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import counted, listed, moment


def lines(result: BatchResume, _: Terminal) -> Iterator[str]:
    """The waves with what launches each task, then what is not to be launched and why."""
    yield f"Batch {result.id}: {counted(result.left, 'task')} left to launch, {result.wave} at once"
    for wave in result.waves:
        yield from _wave(wave)
    if result.truncated:
        yield f"... {result.total - result.returned} more waves or tasks that cannot start"
    for waiting in result.waiting:
        yield f"left, but it cannot start: {waiting.task_id}: {waiting.reason}"
    if result.running:
        yield "Somebody works at"
        for each in result.running:
            yield f"  {each.task_id}  {_worker(each)}".rstrip()
    if result.others:
        yield "Nothing to launch"
        yield from task_lines(result.others)
    yield from finding_lines(result.findings)


def _wave(wave: LaunchWave) -> Iterator[str]:
    waits = f", waits for {listed(wave.waits_for)}" if wave.waits_for else ""
    beside = f", beside {listed(wave.beside)}" if wave.beside else ""
    yield f"Wave {wave.wave}{waits}{beside}"
    for each in wave.tasks:
        why = "" if each.mark is Mark.OPEN else f"  ({each.reason})"
        yield f"  {each.mark}  {each.task_id}  {each.title}".rstrip() + why
        for command in each.commands:
            yield f"       {command}"


def _worker(each: AtWork) -> str:
    session = f", session {each.session}" if each.session else ""
    until = f", lease until {moment(each.expires_at)}" if each.expires_at else ""
    return f"{each.agent}{session}{until}" if each.agent else ""
