"""Collects what a plan is made from: settings, the backlog, and what the journal says of durations."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.app.analysing import analysed
from vtm.app.app import App
from vtm.errors import UnreadableError, WrongUsageError
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.durations import durations
from vtm.model.finding import Finding
from vtm.queries.estimates import SizeEstimate, size_estimates
from vtm.queries.filters import Filters
from vtm.queries.known_places import refuse_unknown_places
from vtm.queries.plan import Plan, plan
from vtm.queries.planning import Mode, Question
from vtm.queries.waves import Waves, waves
from vtm.rules.registry import load
from vtm.rules.runner import judge
from vtm.sources.decoder import paused_collector
from vtm.stores.files import Files

_CYCLE = "GAP::TASK-DEP-CYCLE"


def planned(app: App, filters: Filters, mode: Mode, asked: int | None) -> Plan:
    """The plan of what `filters` keep; `asked`: at most so many tasks at once, None: as the settings say.

    Raises:
        WrongUsageError: More is asked for than `wip_limit` allows, or there is no such phase or slice.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
    """
    places = within_limit(app, "--max", asked, app.settings.parallel.max)
    with paused_collector():
        known = basis(app, filters)
        question = Question(filters, mode, places)
        found = plan(known.backlog, known.readiness, question, known.estimates, known.findings)
    return replace(found, findings=app.placed(found.findings))


def in_waves(app: App, filters: Filters, size: int | None, most: int | None) -> Waves:
    """What `filters` keep, in waves of at most `size`, which may not be more than `most`; None: as set.

    Raises:
        WrongUsageError: A wave is to hold more than `most` or `wip_limit` allow, or there is no such phase or
            slice.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
    """
    places = wave_size(app, "--size", size, most)
    with paused_collector():
        known = basis(app, filters)
        question = Question(filters, Mode.PARALLEL, places, in_waves=True)
        found = waves(known.backlog, known.readiness, question, known.estimates, known.findings)
    return replace(found, findings=app.placed(found.findings))


def wave_size(app: App, option: str, asked: int | None, most: int | None) -> int:
    """How many tasks a wave holds at most: as `asked` with `option`, None: as set.

    Raises:
        WrongUsageError: It is more than `most`, or, where that is None, than is set; or than `wip_limit`.
    """
    parallel = app.settings.parallel
    limit = parallel.wave_max if most is None else most
    if asked is not None and asked > limit:
        by, why = ("--max allows", "") if most is not None else ("allowed", ", as [parallel] wave_max is set")
        way = "ask for a greater --max" if most is not None else "raise that in vtm.toml"
        raise WrongUsageError(
            f"{option} {asked} is more than {by}, which is {limit}{why}",
            code="USAGE",
            fix=f"ask for waves of at most {limit}, or {way}",
        )
    return within_limit(app, option, asked, min(parallel.wave, limit))


def within_limit(app: App, option: str, asked: int | None, default: int) -> int:
    """How many tasks may be in progress at once: as asked, else as set, and never more than `wip_limit`."""
    limit = app.settings.wip_limit
    if asked is None:
        return max(1, min(default, limit) if limit else default)
    if limit and asked > limit:
        raise WrongUsageError(
            f"{option} {asked} is more than wip_limit allows, which is {limit}",
            code="USAGE",
            fix=f"ask for at most {limit}, or raise wip_limit in vtm.toml",
        )
    return asked


class Basis(NamedTuple):
    """What is the same for every form of a plan; `findings` are the cycles that selected tasks are on."""

    backlog: Backlog
    readiness: Readiness
    estimates: Sequence[SizeEstimate]
    findings: Sequence[Finding]


def basis(app: App, filters: Filters) -> Basis:
    """What a plan of what `filters` keep is made from.

    Raises:
        WrongUsageError: There is no such phase or slice.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
    """
    backlog = analysed(app)
    refuse_unknown_places(backlog.tasks, filters)
    estimates = size_estimates(backlog, app.settings.estimate, _seconds(app))
    selected = {task.task_id for task in filters.keep(backlog.tasks)}
    rules = [load(_CYCLE)]
    cycles = [each for each in judge(app.case(backlog, rules), rules) if selected.intersection(each.tasks)]
    return Basis(backlog, Readiness(backlog), estimates, cycles)


def _seconds(app: App) -> dict[str, int]:
    """How long tasks took; a journal that cannot be read tells nothing, and `vtm log` says why."""
    if not (app.project.root / app.settings.paths.journal).exists():
        return {}
    try:
        return durations(Files.of(app.project, app.settings.paths).read().journal.moments())
    except UnreadableError:
        return {}
