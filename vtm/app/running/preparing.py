"""What a run works with, found out before anything is started."""

from collections.abc import Sequence
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.planning import basis, within_limit
from vtm.app.running.asked import AskedRun
from vtm.app.validating import preflighted
from vtm.engine.running.order import Order
from vtm.errors import ExternalError, WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.refusal import RefusedError
from vtm.model.task import Task
from vtm.queries.filters import Filters
from vtm.queries.planning import Mode, Outline, Question, outline


class Prepared(NamedTuple):
    """What a run works with.

    Attributes:
        plan: When each task would start.
        findings: Why it is not the mode that was asked for, and warnings of the checks before work.
    """

    order: Order
    plan: Outline
    backlog: Backlog
    findings: Sequence[Finding]

    @property
    def tasks(self) -> list[Task]:
        """The selected tasks that can be done, in the order in which they would start."""
        return [self.backlog[name] for each in self.plan.rounds for name in each.names]


def prepared(app: App, asked: AskedRun) -> Prepared:
    """Find out what a run works with.

    Raises:
        WrongUsageError: Outside git, more at once than is allowed, or no such slice.
        RefusedError: A check before work is blocked.
        UnreadableError: There is no backlog.
        ExternalError: There is no commit yet.
    """
    mode = asked.mode or (Mode.PARALLEL if asked.wave else Mode.SEQUENTIAL)
    places = _places(app, asked)
    refuse_without_git(app)
    answer, _ = preflighted(app)
    blocking = [each for each in answer.findings if each.blocking]
    if not answer.ok and blocking:
        raise RefusedError("no run can be started", blocking)
    filters = Filters(slice=asked.slice)
    known = basis(app, filters)
    question = Question(filters, mode, places, in_waves=bool(asked.wave))
    plan = outline(known.backlog, known.readiness, question, known.estimates)
    merge = app.settings.git.merge == "auto" if asked.merge is None else asked.merge
    minutes = {each.size: each.minutes for each in known.estimates}
    order = Order(
        "",
        filters,
        plan.mode,
        places if plan.mode is Mode.PARALLEL else 1,
        minutes,
        in_waves=bool(asked.wave),
        until=asked.until,
        merge=merge,
    )
    return Prepared(order, plan, known.backlog, app.placed([*plan.missing, *known.findings]))


def _places(app: App, asked: AskedRun) -> int:
    parallel = app.settings.parallel
    if asked.wave is None:
        return within_limit(app, "--max", asked.places, parallel.max)
    if asked.wave > parallel.wave_max:
        raise WrongUsageError(
            f"--wave {asked.wave} is more than [parallel] wave_max allows, which is {parallel.wave_max}",
            code="USAGE",
            fix=f"ask for waves of at most {parallel.wave_max}, or raise it in vtm.toml",
        )
    return within_limit(app, "--wave", asked.wave, parallel.wave)


def refuse_without_git(app: App) -> None:
    """Let nothing start where no worktree can be made.

    Raises:
        WrongUsageError: Outside git.
        ExternalError: There is no commit yet, or git cannot answer.
    """
    top = app.project.repository
    if top is None:
        raise WrongUsageError(
            "this is not a git repository, and agents work in worktrees of one",
            code="NOT-A-REPOSITORY",
            fix="run `git init` and commit first, or change to a folder that is in one",
        )
    from vtm.git.calling import Git  # noqa: PLC0415  subprocess: 4 ms

    if Git.at(top).asked("rev-parse", "--verify", "--quiet", "HEAD") is None:
        raise ExternalError(
            "there is no commit yet, and branches for tasks need one to start from",
            code="NO-COMMIT",
            fix="commit what is there, then run it again",
        )
