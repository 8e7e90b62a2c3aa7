"""GAP::NO-SPECS."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("GAP::NO-SPECS::<id>", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A task refers to no spec, and no gap code says why.

    Why: whoever does it would have to make up what is wanted. For a task in a Markdown file, whose body can
    be its own spec, it is a warning.

    Fails:
        - {task_id: A--T01, related_specs: []}

    Passes:
        - {task_id: A--T01, related_specs: [docs/specs/login.md]}
        - {task_id: A--T02, gap_codes: [GAP::SPEC-TO-COME]}

    Fix: name the spec in `related_specs`, or the reason why there is none in `gap_codes`.
    """
    for task in case.focus:
        if not task.related_specs and not task.gap_codes:
            own_file = case.backlog.at(task).path != case.backlog.manifest_path
            yield about(
                task,
                case.backlog.at(task, "related_specs"),
                f"{task.task_id} has neither related_specs nor a gap code that says why",
                Severity.WARNING if own_file else None,
            )
