"""BLOCKED::NOT-ON-MAIN-BRANCH."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Location, Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule


@rule(
    "BLOCKED::NOT-ON-MAIN-BRANCH",
    Severity.ERROR,
    blocking=True,
    gates=(Action.PREFLIGHT, Action.START, Action.RUN, Action.WORKTREE),
    needs=(Need.GIT,),
)
def check(case: Case) -> Iterator[Problem]:
    """The main worktree is not on a main branch.

    Why: work starts from main, and task state is recorded there for everyone.

    Fails:
        facts: {git: {branch: feature/login}}

    Passes:
        facts: {git: {branch: main}}

    Fix: switch the main worktree to main, or name its branch in `[git] main` of vtm.toml.
    """
    git, settings = case.facts.git, case.settings.git
    if git and settings.gate and git.branch not in settings.main:
        found = f"the current branch is {git.branch}" if git.branch else "HEAD is detached"
        yield Problem(Location("."), f"{found}, not {' or '.join(settings.main) or 'a main branch'}")
