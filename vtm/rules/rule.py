"""What a rule is, and the decorator that declares one."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from inspect import getdoc

from msgspec import Struct

from vtm.model.facts import Action
from vtm.model.finding import Location, Severity
from vtm.model.task import Task
from vtm.rules.case import Case

ID = "::<id>"
"""What a declared code ends with when each finding is about one task."""


class Need(StrEnum):
    """Facts that cost something to collect; a rule names those it looks at."""

    REFERENCES = "references"
    TESTS = "tests"
    GIT = "git"
    PRD = "prd"
    HASHES = "hashes"
    MERGED = "merged"
    DEPENDENCIES = "dependencies"
    CHANGES = "changes"
    BRANCH = "branch"
    LEASES = "leases"
    AGENTS = "agents"


class Problem(Struct, frozen=True):
    """What a rule found.

    Attributes:
        tasks: Ids of the tasks it is about; exactly one where the rule's code ends with an id.
        severity: Where it differs from the rule's own.
    """

    location: Location
    message: str
    tasks: tuple[str, ...] = ()
    severity: Severity | None = None


def about(task: Task, location: Location, message: str, severity: Severity | None = None) -> Problem:
    """A problem of one task."""
    return Problem(location, message, (task.task_id,), severity)


Check = Callable[[Case], Iterator[Problem]]


class Rule(Struct, frozen=True):
    """A rule, declared where its check is.

    Attributes:
        code: `FAMILY::NAME`.
        per_task: Whether findings carry a task's id behind the code.
        severity: Of its findings, where they do not say otherwise.
        blocking: Whether an error keeps its tasks from being started.
        gates: Actions it is asked before; empty: none.
        backlog: Whether it judges the backlog, as `validate` does.
        needs: Facts it looks at.
    """

    code: str
    per_task: bool
    severity: Severity
    blocking: bool
    gates: frozenset[Action]
    backlog: bool
    needs: frozenset[Need]
    check: Check

    @property
    def documentation(self) -> str:
        """The docstring of the check: what, Why, Fails, Passes, Fix."""
        return _documentation(self.check)

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.partition("\n")[0]

    @property
    def fix(self) -> str:
        """What to do about a finding."""
        return _fix(self.check)


@cache
def _documentation(check: Check) -> str:
    return getdoc(check) or ""


@cache
def _fix(check: Check) -> str:
    return " ".join(_documentation(check).partition("Fix:")[2].split())


def rule(
    code: str,
    severity: Severity,
    *,
    blocking: bool = False,
    gates: tuple[Action, ...] = (),
    backlog: bool | None = None,
    needs: tuple[Need, ...] = (),
) -> Callable[[Check], Rule]:
    """Declare a rule; `backlog` defaults to whether it is no gate."""
    judged = not gates if backlog is None else backlog

    def declare(check: Check) -> Rule:
        name = code.removesuffix(ID)
        return Rule(
            name, code.endswith(ID), severity, blocking, frozenset(gates), judged, frozenset(needs), check
        )

    return declare
