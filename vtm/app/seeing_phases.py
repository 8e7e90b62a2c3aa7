"""What is asked about phases."""

import posixpath
from collections.abc import Mapping, Sequence

from vtm.app.app import App
from vtm.app.checkpoints import checkpoints
from vtm.app.made_branches import MadeBranches
from vtm.app.own_files import own_files
from vtm.app.phases import Border
from vtm.errors import WrongUsageError
from vtm.git.merging import Mainline
from vtm.git.task_files import Footsteps, Step
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.event import Event, Kind
from vtm.model.naming import nearest
from vtm.model.phase_gate import Side
from vtm.model.task import Task
from vtm.queries.filters import place_name
from vtm.queries.phase import PhaseView, phase_card, phase_view
from vtm.queries.phase_progress import Progress
from vtm.queries.pulse import pulse
from vtm.stores.files import Files

_TAKEN = {Kind.START, Kind.TAKEOVER}


def phase_seen(app: App, name: str | None) -> PhaseView:
    """Where the work is; of one phase, where it is named.

    Raises:
        WrongUsageError: There is no such phase.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        ExternalError: Git or the database cannot answer.
    """
    border, backlog = Border(app), app.backlog
    current = pulse(backlog, Readiness(backlog), app.now).phase
    asked = None if name is None else _named(border.phases, name)
    seen = [asked] if asked else border.phases
    cards = [
        phase_card(backlog, each, border.stands(each, Side.BEFORE), border.stands(each, Side.AFTER))
        for each in seen
    ]
    shown = asked or border.named(current)
    events = Files.of(app.project, app.settings.paths).read().journal.by_task()
    files = _files(app, backlog, shown.tasks, events)
    agents = {task.task_id: _agent(backlog, task, events.get(task.task_id, ())) for task in shown.tasks}
    return phase_view(backlog, current, border.phases, cards, shown, files, agents, _last_checkpoint(app))


def _named(known: Sequence[Progress], name: str) -> Progress:
    wanted = place_name(name, "phase")
    found = next((each for each in known if place_name(each.phase, "phase") == wanted), None)
    if found:
        return found
    near = nearest(name, [each.phase for each in known]) or [each.phase for each in known][:3]
    fix = f"did you mean {' or '.join(near)}?" if near else "the backlog has no tasks"
    raise WrongUsageError(f"there is no phase {name}", code="UNKNOWN-PHASE", fix=fix)


def _agent(backlog: Backlog, task: Task, events: Sequence[Event]) -> str:
    """Who worked at a task last."""
    owners = [each.evidence.owner or each.actor for each in events if each.event in _TAKEN]
    return backlog.state_of(task).owner or (owners[-1] if owners else "")


def _files(
    app: App, backlog: Backlog, tasks: Sequence[Task], events: Mapping[str, Sequence[Event]]
) -> dict[str, list[str]]:
    """Task to the files that were changed for it: as its worker reported, and as git has it."""
    found: dict[str, set[str]] = {
        task.task_id: {
            path
            for event in events.get(task.task_id, ())
            if event.evidence.report
            for path in event.evidence.report.files
        }
        for task in tasks
    }
    for task_id, paths in _in_git(app, backlog, tasks).items():
        found[task_id] |= {path for path in paths if path}
    return {task_id: sorted(paths) for task_id, paths in found.items() if paths}


def _in_git(app: App, backlog: Backlog, tasks: Sequence[Task]) -> dict[str, set[str]]:
    begun = [at for task in tasks if (at := backlog.state_of(task).started_at)]
    if app.project.repository is None or not begun:
        return {}
    heads = Mainline(app.project.repository).branches([])
    main = next((name for name in app.settings.git.main if name in heads), None)
    if main is None:
        return {}
    branches = MadeBranches(app.project)
    steps, found = Footsteps(app.project.repository), dict[str, set[str]]()
    line = list(steps.of_main(f"refs/heads/{main}", min(begun)))
    for task in (each for each in tasks if backlog.state_of(each).started_at):
        branch = branches.of(task.task_id)
        paths = {path for step in line if _is_of(step, backlog, task, branch) for path in step.paths}
        if not paths and branch in heads:
            paths = set(steps.of_branch(f"refs/heads/{main}", f"refs/heads/{branch}"))
        if paths:
            found[task.task_id] = {path for each in paths if (path := _below(app, each))}
    return found


def _is_of(step: Step, backlog: Backlog, task: Task, branch: str) -> bool:
    """Whether a step of main is the work of a task: by its recorded commit, its branch, or its id."""
    evidence = backlog.state_of(task).evidence
    recorded = (evidence.commit if evidence else None) or ""
    if recorded and recorded in {step.id, *step.merged}:
        return True
    if step.merged:
        return not {branch, f"{branch}:", f"'{branch}'"}.isdisjoint(step.subject.split(" "))
    return f"({task.task_id})" in step.subject.partition(":")[0]


def _below(app: App, path: str) -> str:
    """A path relative to the root; empty: it is one of vtm's own files."""
    files = own_files(app)
    if path in {files.state, files.journal}:
        return ""
    found = posixpath.relpath(path, files.folder or ".")
    return "" if found.startswith(".vtm/") else found


def _last_checkpoint(app: App) -> str:
    if app.project.repository is None:
        return ""
    sound = [each.name for each in checkpoints(app) if each.record]
    return sound[-1] if sound else ""
