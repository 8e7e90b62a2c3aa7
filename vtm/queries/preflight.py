"""May work begin?"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.facts import Facts
from vtm.model.finding import Finding, Severity


class Verdict(StrEnum):
    """How a check came out."""

    PASS = "pass"  # noqa: S105  not a password
    WARN = "warn"
    BLOCKED = "blocked"
    SKIPPED = "skipped"


class Check(Struct, frozen=True):
    """One check.

    Attributes:
        step: `A1` to `A4` are the activation criteria, `1` to `7` the steps before work, `8` is all the rest.
        codes: Of the findings that decided it, each once.
        message: What was found.
    """

    step: str
    name: str
    result: Verdict
    codes: Sequence[str]
    message: str


class Preflight(Struct, frozen=True, tag_field="schema", tag="vtm.preflight/1"):
    """Whether work may begin.

    Attributes:
        ok: Whether no check is blocked.
        findings: What the checks are based on, by place.
    """

    ok: bool
    checks: Sequence[Check]
    findings: Sequence[Finding]


class _Step(Struct, frozen=True):
    step: str
    name: str
    passed: str
    codes: tuple[str, ...]
    where: Callable[[Finding], bool] = lambda _: True


_FILE = ("GAP::UNREADABLE", "GAP::CONFLICT-MARKERS", "GAP::SCHEMA", "WARN::LENIENT-VALUE")
_STRUCTURE = (
    "GAP::DUPLICATE-TASK-ID",
    "GAP::DANGLING-DEPENDENCY",
    "GAP::TASK-DEP-CYCLE",
    "GAP::SELF-DEPENDENCY",
)
_GIT = ("BLOCKED::NOT-ON-MAIN-BRANCH", "BLOCKED::DIRTY-GIT-STATUS")


def preflight(backlog: Backlog, facts: Facts, findings: Sequence[Finding]) -> Preflight:
    """Sort `findings` of backlog rules and gates into checks, each decided by the worst of its findings."""
    left = list(findings)
    checks = []
    for step in _steps(backlog, facts):
        mine = [each for each in left if _has_code(each, step.codes) and step.where(each)]
        left = [each for each in left if each not in mine] if mine else left
        checks.append(_check(step, mine, _skipped(step, facts)))
    checks.append(_check(_Step("8", "All other rules", "nothing else was found", ()), left, ""))
    return Preflight(all(each.result is not Verdict.BLOCKED for each in checks), checks, findings)


def _steps(backlog: Backlog, facts: Facts) -> list[_Step]:
    tasks, entries = len(backlog.tasks), len(backlog.state.tasks)
    state = f"{entries} entries" if entries else "no entries yet: every task is pending"
    prd = f"{facts.prd.path}, phase {facts.prd.phase}" if facts.prd else ""
    branch = f"on {facts.git.branch}, nothing uncommitted" if facts.git else ""
    in_state = backlog.state_path
    return [
        _Step("A1", "Manifest exists", backlog.manifest_path, ("BLOCKED::MANIFEST-MISSING",)),
        _Step("A2", "Manifest may be worked on", "status OK", ("BLOCKED::MANIFEST-BLOCKED",)),
        _Step("A3", "No blocking gap is open", "none", ("BLOCKED::UNRESOLVED-GAP",)),
        _Step("A4", "Most High tasks are pending", "enough", ("WARN::LATE-ORCHESTRATION",)),
        _Step("1", "Master PRD is current", prd, ("BLOCKED::MASTER-PRD-STALE",)),
        _Step("2", "Manifest loads", f"{tasks} tasks", _FILE, lambda each: each.location.path != in_state),
        _Step("3", "State loads", in_state, _FILE, lambda each: each.location.path == in_state),
        _Step("4", "Ids, dependencies and cycles", "sound", _STRUCTURE),
        _Step("5", "State covers the backlog", state, ("WARN::UNKNOWN-TASK-IN-STATE",)),
        _Step("6", "State was written for this manifest", "yes", ("WARN::MANIFEST-HASH-MISMATCH",)),
        _Step("7", "Git is on main and clean", branch, _GIT),
    ]


def _has_code(finding: Finding, codes: Sequence[str]) -> bool:
    return any(finding.code == code or finding.code.startswith(f"{code}::") for code in codes)


def _skipped(step: _Step, facts: Facts) -> str:
    """Why a check was not made; empty: it was."""
    if step.step == "7":
        return facts.git_skipped
    if step.step == "1" and (facts.prd is None or not (facts.prd.exists or facts.prd.required)):
        return f"there is no {facts.prd.path if facts.prd else 'master PRD'} and the settings name none"
    return ""


def _check(step: _Step, findings: Sequence[Finding], skipped: str) -> Check:
    codes = list(dict.fromkeys("::".join(each.code.split("::")[:2]) for each in findings))
    if any(each.severity is Severity.ERROR for each in findings):
        result = Verdict.BLOCKED
    elif findings:
        result = Verdict.WARN
    else:
        result = Verdict.SKIPPED if skipped else Verdict.PASS
    worst = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)[:1]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    message = worst[0].message + more if worst else skipped or step.passed
    return Check(step.step, step.name, result, codes, message)
