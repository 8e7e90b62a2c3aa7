"""What a change of the declared tasks would bring, before anything is written."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from vtm.app.app import App
from vtm.model.backlog import Backlog
from vtm.model.finding import Defect, Finding, Location
from vtm.model.task import Task
from vtm.queries.ingested import fresh
from vtm.rules.runner import backlog_rules, judge


class Verdict(NamedTuple):
    """What there is against a text for a task.

    Attributes:
        reason: Why it is none; empty: it is one.
        findings: What is wrong with the backlog with it, and was not before.
    """

    reason: str
    findings: Sequence[Finding] = ()


def brought(app: App, before: Backlog, after: Backlog) -> list[Finding]:
    """What every backlog rule has against `after` and not against `before`, without lines and columns."""
    rules = backlog_rules()
    old, new = (judge(app.case(each, rules), rules) for each in (before, after))
    return fresh(old, new)


def with_task(backlog: Backlog, task: Task, place: Location) -> Backlog:
    """`backlog` with one more task, declared at `place`."""
    return _with(backlog, [*backlog.manifest.tasks, task], [*_origins(backlog), place], backlog.defects)


def judged_instead(
    app: App, backlog: Backlog, place: Location, task: Task, defects: Sequence[Defect]
) -> list[Finding]:
    """What `task`, read at `place` with these defects, brings if it replaces what is there."""
    origins = _origins(backlog)
    tasks = [
        task if _is_in(at, place) else each for at, each in zip(origins, backlog.manifest.tasks, strict=True)
    ]
    others = [each for each in backlog.defects if not _is_in(each.location, place)]
    return brought(app, backlog, _with(backlog, tasks, origins, [*others, *defects]))


def _origins(backlog: Backlog) -> list[Location]:
    return [backlog.at_position(at) for at in range(len(backlog.manifest.tasks))]


def _is_in(where: Location, place: Location) -> bool:
    return where.path == place.path and where.pointer[: len(place.pointer)] == place.pointer


def _with(
    backlog: Backlog, tasks: Sequence[Task], origins: Sequence[Location], defects: Sequence[Defect]
) -> Backlog:
    return Backlog(
        msgspec.structs.replace(backlog.manifest, tasks=tuple(tasks)),
        backlog.recorded,
        manifest_path=backlog.manifest_path,
        state_path=backlog.state_path,
        origins=origins,
        defects=defects,
    )
