"""Which fixes are made."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vtm.model.finding import Finding, Location
from vtm.model.fixing import Planned
from vtm.model.settings import Rules
from vtm.model.state import TaskState
from vtm.queries.fixed import HeldBack
from vtm.rules.runner import wanted


class Choice(NamedTuple):
    """What is asked for, and what turned out not to do.

    Attributes:
        rules: Settings: a fix goes with the code of its finding.
        unsafe: Whether also unsafe fixes are asked for.
        entries: State by task.
        held: Fixes that are not made and why, by place and sentence.
        passed_over: Unsafe fixes that were not asked for; one of them may bring more.
    """

    rules: Rules
    unsafe: bool
    entries: Mapping[str, TaskState]
    held: dict[tuple[Location, str], HeldBack]
    passed_over: list[Planned]

    def allows(self, plan: Planned) -> bool:
        """Whether to make a fix; one that a waiver stands against is noted as held back."""
        if not self._takes(plan.fix.code):
            return False
        if not (self.unsafe or plan.fix.safe):
            self.passed_over.append(plan)
            return False
        if _key(plan) not in self.held and (reason := self._waived(plan)):
            self.held[_key(plan)] = HeldBack(plan.fix, reason)
        return _key(plan) not in self.held

    def hold_back(self, plans: Sequence[Planned], errors: Sequence[Finding]) -> None:
        """Do not make those of `plans` that brought `errors`, as far as that can be told."""
        concerned = {name for each in errors for name in each.tasks}
        unsafe = [each for each in plans if not each.fix.safe]
        renamed = [each for each in unsafe if each.dependency and each.fix.task in concerned]
        guilty = renamed or [each for each in unsafe if each.fix.task in concerned] or unsafe or plans
        codes = ", ".join(sorted({each.code for each in errors}))
        for plan in guilty:
            self.held[_key(plan)] = HeldBack(plan.fix, f"{codes} would be found then")

    def leave(self, refused: Sequence[tuple[Planned, str]]) -> None:
        """Do not make those that cannot be made, for the reason beside them."""
        for plan, reason in refused:
            self.held[_key(plan)] = HeldBack(plan.fix, reason)

    def _takes(self, code: str) -> bool:
        return wanted(code, self.rules.select, self.rules.ignore)

    def _waived(self, plan: Planned) -> str:
        entry = self.entries.get(plan.fix.task)
        if entry is None or not plan.dependency or plan.dependency not in entry.waived:
            return ""
        return f"the state waives {plan.dependency}, and a waiver counts for the id that it names"


def _key(plan: Planned) -> tuple[Location, str]:
    return plan.fix.location, plan.fix.sentence
