"""The real backlogs of the project that VTM comes from: `compat` equals its script, the rest is better."""

import json
from shutil import copytree

import pytest

from tests.shared_data import shared_data
from vtm.cli.main import run
from vtm.model.settings import Paths
from vtm.sources.references import References

REAL = ["001", "002", "005", "006", "012", "017", "021", "030", "040", "052"]
DERIVED = ["053", "057", "065", "070", "078", "082", "090", "094", "096", "098"]
PAIRS = [*REAL, *DERIVED]
NOW = "2025-11-01T00:00:00Z"
CYCLE = [f"BACKUP_VERIFICATION_PROTOCOL--T0{number}" for number in (1, 4, 3, 2, 1)]
HOLDS_CYCLE = ["001", "002", "005", "053", "057", "065", "070", "078", "082", "090", "094", "098"]


@pytest.fixture
def history():
    return shared_data("vtm-history")


@pytest.fixture
def vtm(capsys):
    """Run a command; its JSON answer and its exit code."""

    def ask(folder, *arguments):
        code = run(["-C", str(folder), *arguments])
        printed = capsys.readouterr()
        assert printed.err == ""
        return json.loads(printed.out.replace(str(folder), "<ROOT>")), code

    return ask


def expected(folder, question):
    found = json.loads((folder / f"expected-{question}.json").read_text("utf-8"))
    return found["stdout"], found["exit_code"]


@pytest.mark.parametrize("question", ["next", "blocked", "dashboard", "status"])
@pytest.mark.parametrize("pair", PAIRS)
def test_compat_prints_what_the_script_printed(history, vtm, pair, question):
    answer = vtm(history / pair, "compat", "vtm-status", f"--{question}")
    assert answer == expected(history / pair, question)


def test_every_pair_is_looked_at(history):
    assert sorted(each.name for each in history.iterdir() if each.is_dir()) == PAIRS


SHARED = [
    "task_id",
    "title",
    "description",
    "risk",
    "phase",
    "slice",
    "size",
    "acceptance_criteria",
    "depends_on_tasks",
    "related_specs",
    "related_adrs",
    "related_guides",
    "test_verification",
]


def theirs(folder):
    """All that the script said, flat."""
    following, dashboard, status, blocked = (
        expected(folder, question)[0] for question in ("next", "dashboard", "status", "blocked")
    )
    return {
        "next": None if "error" in following else following,
        **dashboard["progress"],
        **{name: dashboard[name] for name in ("in_progress", "blocked", "eligible")},
        **{name: status[name] for name in ("by_phase", "by_slice", "by_risk", "recent_completed")},
        "in_progress_tasks": sorted(status["in_progress_tasks"]),
        **{
            each["task_id"]: (each["status"], each["blocked_reason"], sorted(each["missing_dependencies"]))
            for each in blocked
        },
    }


def ours(vtm, folder):
    """The same, from the answers of our own commands."""
    following, code = vtm(folder, "next", "--json")
    pulse, _ = vtm(folder, "pulse", "--json", "--now", NOW)
    status, _ = vtm(folder, "status", "--json", "--now", NOW)
    blocked, _ = vtm(folder, "blocked", "--json")
    eligible, _ = vtm(folder, "list", "--eligible", "--json")
    listed, _ = vtm(folder, "list", "--json")
    high = [each["risk"] for each in listed["tasks"] if each["status"] not in {"completed", "abandoned"}]
    assert (code == 0) == (eligible["total"] > 0) == ("task_id" in following)
    return {
        "next": {name: following[name] for name in SHARED} if code == 0 else None,
        "completed": pulse["progress"]["completed"],
        "total": pulse["progress"]["total"],
        "percentage": pulse["progress"]["percent"],
        "in_progress": pulse["tasks"]["in-progress"],
        "blocked": pulse["tasks"]["blocked"],
        "eligible": eligible["total"],
        **{
            name: {
                key: {"completed": each["completed"], "total": each["total"]}
                for key, each in status[name].items()
            }
            for name in ("by_phase", "by_slice")
        },
        "by_risk": {risk: high.count(risk) for risk in ("High", "Medium", "Low")},
        "recent_completed": [
            {"task_id": each["task_id"], "completed_at": each["at"]} for each in status["recent_completed"]
        ],
        "in_progress_tasks": sorted(each["task_id"] for each in status["in_progress"]),
        **{
            each["task_id"]: (
                each["status"],
                each["reason"] if each["status"] == "blocked" else "Waiting on dependencies",
                sorted(unmet["task_id"] for unmet in each["unmet"]),
            )
            for each in [*blocked["blocked"], *blocked["waiting"], *blocked["stuck"]]
        },
    }


NO_REASON = ("blocked", "blocked; no reason is recorded", [])
DIFFERENT = {
    "065": {"STORAGE_SIZE_MONITORING--T03": NO_REASON},
    "098": {"FAULT_INJECTION_FRAMEWORK--T01": NO_REASON},
    "078": {
        "completed": 16,
        "percentage": 23.5,
        "in_progress": 0,
        "blocked": 0,
        "in_progress_tasks": [],
        "recent_completed": [
            {"task_id": "SQLITE_SCHEMA--T02", "completed_at": "2025-10-03T05:58:00Z"},
            {"task_id": "ATOMIC_FILE_WRITER--T03", "completed_at": "2025-10-03T04:34:00Z"},
            {"task_id": "METRICS_INFRASTRUCTURE--T03", "completed_at": "2025-10-03T01:14:00Z"},
            {"task_id": "CLI_FOUNDATION--T04", "completed_at": "2025-10-02T22:50:00Z"},
            {"task_id": "METRICS_INFRASTRUCTURE--T02", "completed_at": "2025-10-02T20:37:00Z"},
        ],
    },
    "090": {
        "completed": 1,
        "percentage": 1.5,
        "in_progress": 1,
        "blocked": 1,
        "by_phase": {"Phase 1": {"completed": 1, "total": 49}, "Phase 2": {"completed": 0, "total": 19}},
        "by_slice": {
            "Slice 1.1": {"completed": 1, "total": 15},
            "Slice 1.2": {"completed": 0, "total": 15},
            "Slice 1.3": {"completed": 0, "total": 6},
            "Slice 1.4": {"completed": 0, "total": 13},
            "Slice 2.1": {"completed": 0, "total": 10},
            "Slice 2.2": {"completed": 0, "total": 9},
        },
        "by_risk": {"High": 25, "Medium": 25, "Low": 16},
        "recent_completed": [{"task_id": "MONOREPO_STRUCTURE--T01", "completed_at": None}],
        "in_progress_tasks": ["ATOMIC_FILE_WRITER--T02"],
        "MONOREPO_STRUCTURE--T02": NO_REASON,
        "CLI_FOUNDATION--T01": ("pending", "Waiting on dependencies", ["MONOREPO_STRUCTURE--T02"]),
    },
}
"""Where ours differ on purpose: state of ids that the manifest does not have is not counted, statuses of
other tools are read as what they mean, and a blocked task does not claim to wait for dependencies."""


def instants(answers):
    """Times in one spelling: `.000Z` and `Z` are the same moment."""
    recent = [
        {**each, "completed_at": (each["completed_at"] or "").replace(".000Z", "Z") or None}
        for each in answers["recent_completed"]
    ]
    return {**answers, "recent_completed": recent}


@pytest.mark.parametrize("pair", PAIRS[1:])
def test_own_answers_differ_from_the_script_only_where_they_should(history, vtm, pair):
    found, script = instants(ours(vtm, history / pair)), instants(theirs(history / pair))
    assert set(script) <= set(found)
    assert {key: each for key, each in found.items() if script.get(key) != each} == DIFFERENT.get(pair, {})


def test_without_a_state_every_task_is_pending_and_nothing_is_created(history, vtm):
    before = sorted((history / "001").rglob("*"))
    pulse, code = vtm(history / "001", "pulse", "--json", "--now", NOW)
    assert (pulse["tasks"]["pending"], pulse["progress"]["percent"], code) == (68, 0.0, 0)
    following, code = vtm(history / "001", "next", "--json")
    assert (following["task_id"], code) == ("MONOREPO_STRUCTURE--T01", 0)
    assert sorted((history / "001").rglob("*")) == before


OUTCOMES = {"070": "deadlocked", "090": "waiting", "094": "deadlocked", "096": "done", "098": "waiting"}


@pytest.mark.parametrize(("pair", "outcome"), OUTCOMES.items(), ids=OUTCOMES)
def test_done_and_deadlocked_and_waiting_are_told_apart(history, vtm, pair, outcome):
    answer, code = vtm(history / pair, "next", "--json")
    assert (answer["outcome"], code) == (outcome, 1)
    assert {"error", "reason"} <= set(answer)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_cycle_is_named_and_what_it_holds_is_stuck(history, vtm, pair):
    blocked, _ = vtm(history / pair, "blocked", "--json")
    pulse, _ = vtm(history / pair, "pulse", "--json", "--now", NOW)
    cycle = {"cause": "cycle", "tasks": CYCLE}
    assert (cycle in blocked["roots"], cycle in pulse["blockers"]) == (
        pair in HOLDS_CYCLE,
        pair in HOLDS_CYCLE,
    )
    assert (set(CYCLE) <= {each["task_id"] for each in blocked["stuck"]}) == (pair in HOLDS_CYCLE)
    if pair in HOLDS_CYCLE:
        why, _ = vtm(history / pair, "why", CYCLE[1], "--json")
        assert (why["startable"], [root["cause"] for root in why["roots"]][-1]) == (False, "cycle")


def test_what_waits_for_an_abandoned_task_is_stuck_and_the_task_named(history, vtm):
    blocked, _ = vtm(history / "070", "blocked", "--json")
    assert (blocked["waiting"], len(blocked["stuck"])) == ([], 66)
    assert blocked["roots"][0] == {"cause": "abandoned", "tasks": ["MONOREPO_STRUCTURE--T02"]}
    direct = [
        each for each in blocked["stuck"] if "abandoned" in {unmet["status"] for unmet in each["unmet"]}
    ]
    assert all("MONOREPO_STRUCTURE--T02 is abandoned" in each["reason"] for each in direct)
    assert "TESTKIT_INTEGRATION--T01" in {each["task_id"] for each in direct}
    codes = {each["code"] for each in vtm(history / "070", "validate", "--json")[0]["findings"]}
    assert "WARN::ABANDONED-DEPENDENCY::TESTKIT_INTEGRATION--T01" in codes
    assert "WARN::REPEATED-BLOCKER" in codes


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ("078", "WARN::UNKNOWN-TASK-IN-STATE::GHOST_CAPABILITY--T01"),
        ("090", "WARN::LENIENT-VALUE::ATOMIC_FILE_WRITER--T01"),
        ("094", "GAP::TASK-DEP-CYCLE"),
    ],
)
def test_what_the_script_passed_over_is_a_finding(history, vtm, pair, code):
    found, _ = vtm(history / pair, "validate", "--json")
    assert code in {each["code"] for each in found["findings"]}


@pytest.fixture
def checkout(history, tmp_path):
    """A copy of a pair in which the files of that commit exist, empty."""

    def make(pair):
        folder = tmp_path / pair
        copytree(history / pair / "docs", folder / "docs")
        for name in (history / pair / "tree.txt").read_text("utf-8").splitlines():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return folder, json.loads((history / pair / "expected-context.json").read_text("utf-8"))

    return make


@pytest.mark.parametrize("pair", REAL)
def test_missing_context_is_found_for_exactly_the_tasks_that_miss_it(checkout, vtm, pair):
    folder, context = checkout(pair)
    found, _ = vtm(folder, "validate", "--select", "MISSING-CONTEXT", "--json")
    assert sorted({each["tasks"][0] for each in found["findings"]}) == context["missing_context_tasks"]


@pytest.mark.parametrize("pair", REAL)
def test_every_reference_leads_to_the_file_that_it_led_to(checkout, pair):
    folder, context = checkout(pair)
    references = References(folder, Paths().adr)
    told = [each for fields in context["refs"].values() for listed in fields.values() for each in listed]
    for reference, kind, path in told:
        found = references.document(reference)
        assert (bool(found.problem), kind) == (path is None, kind)
        assert path is None or found.path == path
    assert {kind for _, kind, _ in told} >= {"exists", "adr-id"}
