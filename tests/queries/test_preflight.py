"""Each check of preflight: passed, warned, blocked, or skipped with the reason."""

import pytest

from tests.asking import DONE, finding, task
from tests.builders import MANIFEST, STATE, backlog_of
from vtm.model.facts import Facts, GitFacts, PrdFacts
from vtm.model.settings import Rules, Settings
from vtm.queries.preflight import preflight

PRD = "docs/master/prd-master.md"
ON_MAIN = GitFacts("main")
HASH = {"manifest_hash": "sha256:0123456789a"}
STEPS = ["A1", "A2", "A3", "A4", "1", "2", "3", "4", "5", "6", "7", "8"]


def checks(findings=(), *, tasks=None, state=None, state_file=HASH, **facts):
    """The checks by step, and the whole answer."""
    backlog = backlog_of([task("A")] if tasks is None else tasks, state, state_file=state_file)
    known = {"git": ON_MAIN, "prd": PrdFacts(PRD, exists=True, phase="Phase 1"), **facts}
    found = preflight(backlog, Facts(**known), findings)
    return {each.step: each for each in found.checks}, found


def test_what_nothing_speaks_against_passes_and_says_what_was_seen():
    found, whole = checks(state={"A": DONE})
    assert [(each.step, each.result, each.message) for each in found.values()] == [
        ("A1", "pass", MANIFEST),
        ("A2", "pass", "status OK"),
        ("A3", "pass", "none"),
        ("A4", "pass", "enough"),
        ("1", "pass", f"{PRD}, phase Phase 1"),
        ("2", "pass", "1 task"),
        ("3", "pass", STATE),
        ("4", "pass", "sound"),
        ("5", "pass", "entries of 1 task"),
        ("6", "pass", "yes"),
        ("7", "pass", "on main, nothing uncommitted"),
        ("8", "pass", "nothing else was found"),
    ]
    assert (whole.ok, whole.findings) == (True, ())


def test_a_first_run_has_no_state_and_passes():
    found, whole = checks(state_file=None)
    assert found["5"].message == "no entries yet: every task is pending"
    assert found["6"].message == "the state does not say for which one, so nothing contradicts it"
    assert whole.ok


DECIDED = {
    "BLOCKED::MANIFEST-BLOCKED": ("A2", MANIFEST),
    "BLOCKED::UNRESOLVED-GAP::A": ("A3", MANIFEST),
    "WARN::LATE-ORCHESTRATION": ("A4", STATE),
    "BLOCKED::MASTER-PRD-STALE": ("1", PRD),
    "GAP::UNREADABLE": ("2", MANIFEST),
    "GAP::CONFLICT-MARKERS": ("3", STATE),
    "GAP::SCHEMA": ("3", STATE),
    "WARN::LENIENT-VALUE::A": ("2", MANIFEST),
    "GAP::DUPLICATE-TASK-ID": ("4", MANIFEST),
    "GAP::DANGLING-DEPENDENCY": ("4", MANIFEST),
    "GAP::TASK-DEP-CYCLE": ("4", MANIFEST),
    "GAP::SELF-DEPENDENCY": ("4", MANIFEST),
    "WARN::UNKNOWN-TASK-IN-STATE::X::Y": ("5", STATE),
    "WARN::MANIFEST-HASH-MISMATCH": ("6", STATE),
    "BLOCKED::NOT-ON-MAIN-BRANCH": ("7", "."),
    "BLOCKED::DIRTY-GIT-STATUS": ("7", "."),
    "BLOCKED::MISSING-CONTEXT::A": ("8", MANIFEST),
    "GAP::SCHEMATIC": ("8", MANIFEST),
}


@pytest.mark.parametrize(("severity", "verdict"), [("error", "blocked"), ("warning", "warn")])
@pytest.mark.parametrize("code", DECIDED)
def test_a_finding_decides_its_check_and_no_other(code, severity, verdict):
    step, path = DECIDED[code]
    one = finding(code, "A", severity=severity, path=path, message="look here")
    found, whole = checks([one], state={"A": DONE})
    assert {each.step: each.result for each in found.values() if each.result != "pass"} == {step: verdict}
    assert (found[step].codes, found[step].message) == (["::".join(code.split("::")[:2])], "look here")
    assert whole.ok is (severity == "warning")
    assert whole.findings == [one]


@pytest.mark.parametrize(("count", "more"), [(1, ""), (2, " (and 1 more)"), (3, " (and 2 more)")])
def test_the_worst_finding_decides_and_the_others_are_counted(count, more):
    several = [
        finding("GAP::SELF-DEPENDENCY", severity="warning"),
        finding("GAP::TASK-DEP-CYCLE", message="A -> B -> A"),
        finding("GAP::TASK-DEP-CYCLE", message="C -> D -> C"),
    ][-count:]
    check = checks(several[::-1])[0]["4"]
    first = "C -> D -> C"
    assert (check.result, check.message) == ("blocked", f"{first}{more}")
    assert check.codes == ["GAP::TASK-DEP-CYCLE", "GAP::SELF-DEPENDENCY"][: max(1, count - 1)]


def test_an_error_decides_whatever_was_found_before_it():
    several = [
        finding("GAP::SELF-DEPENDENCY", severity="warning"),
        finding("GAP::TASK-DEP-CYCLE", message="A"),
    ]
    assert checks(several)[0]["4"].message == "A (and 1 more)"


def test_a_lenient_value_of_the_state_belongs_to_the_state():
    one = finding("WARN::LENIENT-VALUE::A", "A", severity="warning", path=STATE)
    found = checks([one])[0]
    assert (found["2"].result, found["3"].result) == ("pass", "warn")


def test_there_is_a_check_for_each_step_whatever_is_found():
    found, _ = checks([finding(code, path=path) for code, (_, path) in DECIDED.items()])
    assert list(found) == STEPS


SKIPPED = {
    "no-git": ("7", {"git": None, "git_skipped": "not a git repository"}, "not a git repository"),
    "gate-off": ("7", {"git": None, "git_skipped": "[git] gate is off"}, "[git] gate is off"),
    "no-prd": ("1", {"prd": PrdFacts(PRD)}, f"there is no {PRD} and the settings name none"),
    "nobody-looked": ("1", {"prd": None}, "there is no master PRD and the settings name none"),
}


@pytest.mark.parametrize(("step", "facts", "message"), SKIPPED.values(), ids=SKIPPED)
def test_what_there_is_nothing_to_check_of_is_skipped_and_said(step, facts, message):
    found, whole = checks(**facts)
    assert (found[step].result, found[step].message, whole.ok) == ("skipped", message, True)


def test_a_prd_that_the_settings_name_and_that_is_not_there_is_blocked():
    one = finding("BLOCKED::MASTER-PRD-STALE", path=PRD, message=f"{PRD} does not exist")
    assert checks([one], prd=PrdFacts(PRD, required=True))[0]["1"].result == "blocked"


MISSING = finding("BLOCKED::MANIFEST-MISSING", path=MANIFEST)
DAMAGED = finding("GAP::UNREADABLE", path=MANIFEST)
STATE_DAMAGED = finding("GAP::UNREADABLE", path=STATE)
UNJUDGED = {
    "no-manifest": (
        [MISSING],
        {"tasks": [], "state_file": None, "missing_backlog": (MANIFEST,)},
        "A1",
        "A2 A3 A4 2 4 5 6",
        "there is no manifest",
    ),
    "damaged-manifest": (
        [DAMAGED],
        {"tasks": [], "state_file": None},
        "2",
        "A2 A3 A4 4 5 6",
        "the manifest cannot be read",
    ),
    "damaged-state": ([STATE_DAMAGED], {"state_file": None}, "3", "A4 5 6", "the state cannot be read"),
}


@pytest.mark.parametrize(("findings", "given", "blocked", "skipped", "why"), UNJUDGED.values(), ids=UNJUDGED)
def test_nothing_passes_that_could_not_be_looked_at(findings, given, blocked, skipped, why):
    found, whole = checks(findings, **given)
    assert [each.step for each in found.values() if each.result == "blocked"] == [blocked]
    assert {each.step: each.message for each in found.values() if each.result == "skipped"} == dict.fromkeys(
        skipped.split(), why
    )
    assert not whole.ok


def test_an_entry_that_is_damaged_leaves_the_rest_judged():
    entry = finding("GAP::SCHEMA", path=STATE)
    assert checks([entry], state={"A": DONE})[0]["5"].result == "pass"
    assert checks([finding("GAP::SCHEMA", path=MANIFEST)])[0]["4"].result == "pass"


OFF = "[rules] in the settings leaves out"
DIRTY = GitFacts("feature", ("a.md",))
LEFT_OUT = {
    "whole-check": (("WARN::LATE-ORCHESTRATION",), "A4", "skipped", f"{OFF} WARN::LATE-ORCHESTRATION"),
    "part-of-it": (("LENIENT-VALUE",), "2", "pass", f"1 task ({OFF} WARN::LENIENT-VALUE)"),
    "one-task": (("WARN::LENIENT-VALUE::A",), "2", "pass", "1 task"),
    "dirt": (
        ("BLOCKED::DIRTY-GIT-STATUS",),
        "7",
        "pass",
        f"on feature, 1 uncommitted path ({OFF} BLOCKED::DIRTY-GIT-STATUS)",
    ),
    "git": (
        ("NOT-ON-MAIN-BRANCH", "DIRTY-GIT-STATUS"),
        "7",
        "skipped",
        f"{OFF} BLOCKED::NOT-ON-MAIN-BRANCH, BLOCKED::DIRTY-GIT-STATUS",
    ),
}


@pytest.mark.parametrize(("ignored", "step", "result", "message"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_the_settings_leave_out_does_not_look_as_if_it_had_passed(ignored, step, result, message):
    found, _ = checks(git=DIRTY, settings=Settings(rules=Rules(ignore=ignored)))
    assert (found[step].result, found[step].message) == (result, message)
