"""BLOCKED::UNRESOLVED-GAP."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("BLOCKED::UNRESOLVED-GAP::<id>", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A task carries a gap code that blocks.

    Why: the manifest's `gaps.blocking`, or `[rules] blocking` in vtm.toml, says that work waits for this gap.

    Fails:
        tasks:
          - {task_id: A--T01, gap_codes: [GAP::NO-OWNER]}
        facts: {settings: {rules: {blocking: [GAP::NO-OWNER]}}}

    Passes:
        tasks:
          - {task_id: A--T01, gap_codes: [GAP::NO-DESIGN]}
        facts: {settings: {rules: {blocking: [GAP::NO-OWNER]}}}

    Fix: close the gap and remove its code from the task's `gap_codes`.
    """
    blocking = {*case.backlog.manifest.gaps.blocking, *case.settings.rules.blocking}
    for task in case.focus:
        seen = set()
        for index, gap in enumerate(task.gap_codes):
            if gap in blocking and gap not in seen:
                seen.add(gap)
                place = case.backlog.at(task, "gap_codes", index)
                yield about(task, place, f"{task.task_id} has the unresolved gap {gap}")
