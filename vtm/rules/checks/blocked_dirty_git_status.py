"""BLOCKED::DIRTY-GIT-STATUS."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Location, Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule
from vtm.rules.wording import counted, listed

_SHOWN = 5


@rule(
    "BLOCKED::DIRTY-GIT-STATUS",
    Severity.ERROR,
    blocking=True,
    gates=(Action.PREFLIGHT, Action.START, Action.RUN),
    needs=(Need.GIT,),
)
def check(case: Case) -> Iterator[Problem]:
    """The main worktree has changes that are not committed.

    Why: they would mix with the work of a task or be lost when it is merged. vtm's own files do not count.

    Fails:
        facts: {git: {branch: main, dirty: [src/login.py]}}

    Passes:
        facts: {git: {branch: main}}

    Fix: commit or stash the changes, or add the paths to .gitignore.
    """
    git = case.facts.git
    if git and git.dirty and case.settings.git.gate:
        count = counted(len(git.dirty), "uncommitted path")
        yield Problem(
            Location("."), f"the main worktree has {count}: {listed(git.dirty[:_SHOWN], len(git.dirty))}"
        )
