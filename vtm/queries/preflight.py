"""May work begin?"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.facts import Facts, GitFacts
from vtm.model.finding import Finding, Severity
from vtm.model.hashes import is_known
from vtm.model.task import FileTask
from vtm.queries.by_rule import left_out, rule_code
from vtm.rules.wording import counted


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
_LEFT_OUT = "[rules] in the settings leaves out"
_GIT = ("BLOCKED::NOT-ON-MAIN-BRANCH", "BLOCKED::DIRTY-GIT-STATUS")


_REST = _Step("8", "All other rules", "nothing else was found", ())


def preflight(backlog: Backlog, facts: Facts, findings: Sequence[Finding]) -> Preflight:
    """Sort `findings` of backlog rules and gates into checks, each decided by the worst of its findings."""
    steps = [*_steps(backlog, facts), _REST]
    mine: dict[str, list[Finding]] = {step.step: [] for step in steps}
    for finding in findings:
        code = rule_code(finding)
        owner = next((step for step in steps if code in step.codes and step.where(finding)), _REST)
        mine[owner.step].append(finding)
    unjudged = _unjudged(backlog, facts, mine)
    checks = [_check(step, facts, mine[step.step], unjudged.get(step.step, "")) for step in steps]
    return Preflight(all(each.result is not Verdict.BLOCKED for each in checks), checks, findings)


def _unjudged(backlog: Backlog, facts: Facts, findings: Mapping[str, Sequence[Finding]]) -> dict[str, str]:
    """Checks that nothing can be said of, because what they are about is not there, with the reason."""
    if facts.missing_backlog:
        return dict.fromkeys(("A2", "A3", "A4", "2", "4", "5", "6"), "there is no manifest")
    if not backlog.tasks and _has_error(findings["2"]):
        return dict.fromkeys(("A2", "A3", "A4", "4", "5", "6"), "the manifest cannot be read")
    if not backlog.state.tasks and _has_error(findings["3"]):
        return dict.fromkeys(("A4", "5", "6"), "the state cannot be read")
    return {}


def _has_error(findings: Sequence[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def _steps(backlog: Backlog, facts: Facts) -> list[_Step]:
    tasks, entries = len(backlog.tasks), len(backlog.state.tasks)
    state = f"entries of {counted(entries, 'task')}" if entries else "no entries yet: every task is pending"
    prd = f"{facts.prd.path}, phase {facts.prd.phase}" if facts.prd else ""
    branch = f"on {facts.git.branch}, {_uncommitted(facts.git)}" if facts.git else ""
    known = is_known(backlog.state.manifest_hash)
    hashes = "yes" if known else "the state does not say for which one, so nothing contradicts it"
    in_state = backlog.state_path
    in_files = bool(tasks) and all(isinstance(each, FileTask) for each in backlog.tasks)
    declared = counted(tasks, "task file") if in_files else backlog.manifest_path
    return [
        _Step("A1", "Manifest exists", declared, ("BLOCKED::MANIFEST-MISSING",)),
        _Step("A2", "Manifest may be worked on", "status OK", ("BLOCKED::MANIFEST-BLOCKED",)),
        _Step("A3", "No blocking gap is open", "none", ("BLOCKED::UNRESOLVED-GAP",)),
        _Step("A4", "Most High tasks are pending", "enough", ("WARN::LATE-ORCHESTRATION",)),
        _Step("1", "Master PRD is current", prd, ("BLOCKED::MASTER-PRD-STALE",)),
        _Step(
            "2", "Manifest loads", counted(tasks, "task"), _FILE, lambda each: each.location.path != in_state
        ),
        _Step("3", "State loads", in_state, _FILE, lambda each: each.location.path == in_state),
        _Step("4", "Ids, dependencies and cycles", "sound", _STRUCTURE),
        _Step("5", "State covers the backlog", state, ("WARN::UNKNOWN-TASK-IN-STATE",)),
        _Step("6", "State was written for this manifest", hashes, ("WARN::MANIFEST-HASH-MISMATCH",)),
        _Step("7", "Git is on main and clean", branch, _GIT),
    ]


def _uncommitted(git: GitFacts) -> str:
    return counted(len(git.dirty), "uncommitted path") if git.dirty else "nothing uncommitted"


def _skipped(step: _Step, facts: Facts) -> str:
    """Why a check was not made; empty: it was."""
    if step.step == "7" and facts.git_skipped:
        return facts.git_skipped
    if step.step == "1" and (facts.prd is None or not (facts.prd.exists or facts.prd.required)):
        return f"there is no {facts.prd.path if facts.prd else 'master PRD'} and the settings name none"
    silent = left_out(facts.settings.rules, step.codes)
    return f"{_LEFT_OUT} {', '.join(silent)}" if silent and len(silent) == len(step.codes) else ""


def _passed(step: _Step, facts: Facts) -> str:
    """What to say of a check that nothing speaks against."""
    silent = left_out(facts.settings.rules, step.codes)
    return f"{step.passed} ({_LEFT_OUT} {', '.join(silent)})" if silent else step.passed


def _check(step: _Step, facts: Facts, findings: Sequence[Finding], unjudged: str) -> Check:
    skipped = unjudged or _skipped(step, facts)
    codes = list(dict.fromkeys(map(rule_code, findings)))
    if _has_error(findings):
        result = Verdict.BLOCKED
    elif findings:
        result = Verdict.WARN
    else:
        result = Verdict.SKIPPED if skipped else Verdict.PASS
    worst = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)[:1]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    message = worst[0].message + more if worst else skipped or _passed(step, facts)
    return Check(step.step, step.name, result, codes, message)
