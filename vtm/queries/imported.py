"""What `vtm import` took over, or would take over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from vtm.model.finding import Finding, Severity
from vtm.model.status import Risk, Status
from vtm.model.task import Texts
from vtm.queries.by_rule import rule_code


class Units(Struct, frozen=True):
    """How many lines, objects or files the input has; `total` is the sum of the others."""

    total: int
    read: int
    in_part: int
    unreadable: int


class UnitProblem(Struct, frozen=True):
    """A unit that was not read as a whole.

    Attributes:
        number: Of the line, or the position from 1.
        name: Of the file or object; empty where the number says it.
        outcome: `in part` or `unreadable`.
        task_id: Empty where it is no task.
        line: In the file, where the problem has a place in it; 0: it has none. So is `column`.
    """

    number: int
    name: str
    outcome: str
    task_id: str
    reason: str
    line: int
    column: int


class ImportedTask(Struct, frozen=True):
    """A task that comes in; `unit` is the number of the unit that it is."""

    unit: int
    task_id: str
    title: str
    status: Status
    risk: Risk
    depends_on_tasks: Texts
    criteria: int
    criteria_met: int
    without_place: Texts


class NewFindings(Struct, frozen=True):
    """What a rule has against the backlog with the tasks, and had not before; `message` is its first."""

    code: str
    severity: Severity
    count: int
    message: str


class Imported(Struct, frozen=True, tag_field="schema", tag="vtm.import/1"):
    """Tasks of another tool.

    Attributes:
        ok: Whether they may be taken over: there are some, no id clashes, and `--strict` allows it.
        applied: Whether they were.
        format: Of the input.
        path: Of the input.
        transaction: What takes them out again; empty: they were not taken over.
        manifest_hash: Canonical hash of the backlog with them; empty: they were not taken over.
        files: Those that were written, relative to the root.
        unit: What the units are called.
        problems: Units that were not read as a whole, in the order of the input.
        fields: Fields that have no place in vtm, and how many tasks have each.
        kept_as: The key of a task that they are kept under.
        clashes: Ids that are taken already.
        total: How many tasks there are.
        returned: How many of them are in `tasks`.
        truncated: Whether some were left out.
        findings: By rule; none of them keeps the tasks out.
    """

    ok: bool
    applied: bool
    format: str
    path: str
    transaction: str
    manifest_hash: str
    files: Sequence[str]
    unit: str
    units: Units
    problems: Sequence[UnitProblem]
    fields: Mapping[str, int]
    kept_as: str
    clashes: Sequence[str]
    tasks: Sequence[ImportedTask]
    total: int
    returned: int
    truncated: bool
    findings: Sequence[NewFindings]
    errors: int
    warnings: int


def units(problems: Sequence[UnitProblem], total: int) -> Units:
    """How the units came out, of which all that are not among `problems` were read."""
    unreadable = sum(not each.task_id for each in problems)
    return Units(total, total - len(problems), len(problems) - unreadable, unreadable)


def without_place(tasks: Iterable[ImportedTask]) -> dict[str, int]:
    """Names of fields that have no place, the most frequent first."""
    count = Counter(name for each in tasks for name in each.without_place)
    return dict(sorted(count.items(), key=lambda each: (-each[1], each[0])))


def by_rule(findings: Iterable[Finding]) -> list[NewFindings]:
    """Findings counted by rule and severity, errors first."""
    found: dict[tuple[Severity, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.severity, rule_code(each)), []).append(each)
    return [
        NewFindings(code, severity, len(each), each[0].message)
        for (severity, code), each in sorted(
            found.items(), key=lambda item: (item[0][0] is not Severity.ERROR, item[0][1])
        )
    ]
