"""BLOCKED::DEPENDENCY-NOT-MERGED."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule


@rule(
    "BLOCKED::DEPENDENCY-NOT-MERGED::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.WORKTREE,),
    needs=(Need.DEPENDENCIES,),
)
def check(case: Case) -> Iterator[Problem]:
    """A worktree is asked for, and main lacks the work of a dependency.

    Why: the worktree is cut from main, so that the task would be done without what it builds on. What counts
    is the commit that was recorded when the dependency was completed; where none was, its branch. A commit
    that came to main in another form, squashed or picked, is there.

    Fails:
        tasks:
          - {task_id: A--T01}
          - {task_id: A--T02, depends_on_tasks: [A--T01]}
        state: {A--T01: {status: completed, evidence: {commit: 0123456789ab}}}
        facts: {action: worktree, lacking: {A--T01: commit 0123456789ab}}

    Passes:
        tasks:
          - {task_id: A--T01}
          - {task_id: A--T02, depends_on_tasks: [A--T01]}
        state: {A--T01: {status: completed, evidence: {commit: 0123456789ab}}}
        facts: {action: worktree}

    Fix: merge the dependency first; `vtm merge` brings completed tasks to main.
    """
    for task in case.focus:
        waived = case.backlog.state_of(task).waived
        first = {name: index for index, name in reversed(list(enumerate(task.depends_on_tasks)))}
        for name, index in sorted(first.items(), key=lambda each: each[1]):
            if name in case.facts.lacking and name not in waived:
                place = case.backlog.at(task, "depends_on_tasks", index)
                what = f"{task.task_id} depends on {name}, and main lacks its {case.facts.lacking[name]}"
                yield about(task, place, what)
