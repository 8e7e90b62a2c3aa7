"""WARN::REPORT-DIFFERS."""

from collections.abc import Iterator, Sequence

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule
from vtm.rules.wording import listed

_SHOWN = 5


@rule(
    "WARN::REPORT-DIFFERS::<id>",
    Severity.WARNING,
    gates=(Action.COMPLETE, Action.REPORT),
    needs=(Need.BRANCH,),
)
def check(case: Case) -> Iterator[Problem]:
    """The files that a worker reports as changed are not those that its branch changed.

    Why: whoever reads the report trusts it. A file that it leaves out is reviewed by nobody, and one that it
    names in vain is missing, or was changed in another worktree.

    Fails:
        tasks: [{task_id: A}]
        facts: {action: report, branch: {name: feat/A, changed: [src/a.py, src/b.py]},
          occasion: {reported: [src/a.py]}}

    Passes:
        tasks: [{task_id: A}]
        facts: {action: report, branch: {name: feat/A, changed: [src/a.py]},
          occasion: {reported: [src/a.py]}}

    Fix: look at the files; give the report in the worktree in which the work was done.
    """
    branch, reported = case.facts.branch, case.facts.occasion.reported
    if branch is None or reported is None:
        return
    which = branch.name or "what is checked out"
    for task in case.focus:
        place = case.backlog.at(task, "file_scope")
        if left_out := _without(branch.changed, reported):
            yield about(task, place, f"{which} changed files that the report does not name: {left_out}")
        if in_vain := _without(reported, branch.changed):
            yield about(task, place, f"the report names files that {which} did not change: {in_vain}")


def _without(paths: Sequence[str], others: Sequence[str]) -> str:
    """Those of `paths` that `others` do not have, as a sentence names them; empty: all are there."""
    known = set(others)
    found = [each for each in dict.fromkeys(paths) if each not in known]
    return listed(found[:_SHOWN], len(found))
