"""WARN::SCOPE-ESCAPE."""

from collections.abc import Iterator

from vtm.graph.scopes import covers, touched
from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule
from vtm.rules.wording import listed

_OUTSIDE = "../"
_SHOWN = 5


@rule(
    "WARN::SCOPE-ESCAPE::<id>",
    Severity.WARNING,
    gates=(Action.COMPLETE, Action.REPORT, Action.MERGE),
    needs=(Need.BRANCH,),
)
def check(case: Case) -> Iterator[Problem]:
    """The branch on which a task was done has changed files outside the task's `file_scope` and its tests.

    Why: tasks are planned side by side by the files that they may change; what else one touches is where two
    of them meet.

    Fails:
        tasks: [{task_id: A, file_scope: [src/a/**]}]
        facts: {action: complete, branch: {name: feat/A, changed: [src/a/new.py, src/b/old.py]}}

    Passes:
        tasks: [{task_id: A, file_scope: [src/a/**]}]
        facts: {action: complete, branch: {name: feat/A, changed: [src/a/new.py]}}

    Fix: take the change back, or put it in a branch of its own; where the task needs it, extend `file_scope`.
    """
    branch = case.facts.branch
    for task in case.focus:
        if branch is not None and task.file_scope:
            scope = list(touched(task))
            outside = [
                path for path in branch.changed if path.startswith(_OUTSIDE) or not covers(scope, path)
            ]
            if outside:
                which = branch.name or "what is checked out"
                files = listed(outside[:_SHOWN], len(outside))
                what = f"{which} changed files outside the file scope of {task.task_id}: {files}"
                yield about(task, case.backlog.at(task, "file_scope"), what)
