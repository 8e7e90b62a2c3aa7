"""BLOCKED::MANIFEST-MISSING."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Location, Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule(
    "BLOCKED::MANIFEST-MISSING",
    Severity.ERROR,
    blocking=True,
    gates=(Action.PREFLIGHT, Action.START, Action.RUN),
)
def check(case: Case) -> Iterator[Problem]:
    """There is neither a manifest nor a task file.

    Why: without declared tasks there is nothing to start, and nothing to hold a start against.

    Fails:
        facts:
          missing_backlog: [docs/backlog/virtual-task-manifest.json, tasks]

    Passes:
        tasks: [{task_id: A--T01}]

    Fix: write a manifest or task files, or set `[paths]` in vtm.toml to where they are.
    """
    missing = case.facts.missing_backlog
    if missing:
        yield Problem(Location(missing[0]), f"there is no backlog; looked for {', '.join(missing)}")
