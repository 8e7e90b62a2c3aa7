"""WARN::SPEC-CHANGED-AFTER-MANIFEST."""

from collections.abc import Iterator

from vtm.model.facts import Resolved
from vtm.model.finding import Location, Severity
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule
from vtm.rules.wording import listed

_FIELDS = ("related_specs", "related_adrs", "related_guides")
_OVER = {Status.COMPLETED, Status.ABANDONED}
_NOWHERE = Resolved()
_NAMED = 3


@rule("WARN::SPEC-CHANGED-AFTER-MANIFEST", Severity.WARNING, needs=(Need.CHANGES, Need.REFERENCES))
def check(case: Case) -> Iterator[Problem]:
    """A spec, ADR or guide of an unfinished task was changed after the manifest was made.

    Why: the task was planned on an older text, and its criteria may no longer fit.

    Fails:
        tasks: [{task_id: A, related_specs: [docs/specs/a.md]}]
        manifest: {timestamp: "2026-01-01T00:00:00Z"}
        facts:
          references: {docs/specs/a.md: {path: docs/specs/a.md}}
          changed_since_manifest: [docs/specs/a.md]

    Passes:
        tasks: [{task_id: A, related_specs: [docs/specs/a.md]}]
        manifest: {timestamp: "2026-01-01T00:00:00Z"}
        facts:
          references: {docs/specs/a.md: {path: docs/specs/a.md}}
          changed_since_manifest: [docs/specs/b.md]

    Fix: check the tasks against the document, then make the manifest again or renew its `timestamp`.
    """
    if case.backlog.manifest.timestamp is None or not case.facts.changed_since_manifest:
        return
    first: dict[str, Location] = {}
    readers: dict[str, dict[str, None]] = {}
    for task in case.focus:
        for path, place in _changed(case, task):
            first.setdefault(path, place)
            readers.setdefault(path, {})[task.task_id] = None
    for path, place in first.items():
        tasks = tuple(readers[path])
        who = f"{listed(tasks[:_NAMED], len(tasks))} refer{'s' if len(tasks) == 1 else ''} to"
        yield Problem(place, f"{who} {path}, which was changed after the manifest was made", tasks)


def _changed(case: Case, task: Task) -> Iterator[tuple[str, Location]]:
    """Changed documents that an unfinished task refers to, and where it does."""
    if case.backlog.status(task.task_id) in _OVER:
        return
    for field in _FIELDS:
        for index, reference in enumerate(getattr(task, field)):
            path = case.facts.references.get(reference, _NOWHERE).path
            if path in case.facts.changed_since_manifest:
                yield path, case.backlog.at(task, field, index)
