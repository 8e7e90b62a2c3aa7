"""`vtm next` runs a few rules only; what they say of an eligible task is what all of them say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.asking import NOW
from tests.builders import backlog_of
from tests.random_backlogs import NAMES, RELAXED, ids, moments, state_entries, task_entries
from vtm.graph.readiness import Readiness
from vtm.model.facts import Facts, Resolved
from vtm.model.settings import Rules, Settings
from vtm.rules.case import Case
from vtm.rules.runner import backlog_rules, eligible_rules, judge

LEFT_TO_VALIDATE = "WARN::SPEC-CHANGED-AFTER-MANIFEST"
"""The one rule about eligible tasks that `next` does not run, because it would wait for git."""

GONE, HERE = "docs/specs/gone.md", "docs/specs/here.md"
documents = st.lists(st.sampled_from([GONE, HERE, "ADR-0001"]), max_size=2)
criteria = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from([f"AC{n:02}" for n in range(12)]), "text": st.sampled_from(["this", "that"])}
    ),
    max_size=12,
)
TASK = task_entries(
    acceptance_criteria=criteria,
    related_specs=documents,
    related_adrs=documents,
    related_guides=documents,
    gap_codes=st.lists(st.sampled_from(["GAP::A", "GAP::B"]), max_size=2),
    est=st.sampled_from([{"size": size} for size in "SML"]),
    test_verification=st.sampled_from([[], ["tests/test_a.py"]]),
    parallel=st.booleans(),
    conflicts_with=st.lists(ids, max_size=3),
)
ENTRY = state_entries(
    acs_completed=st.lists(st.sampled_from(["AC01", "AC02", "OLD"]), max_size=2),
    acs_remaining=st.lists(st.sampled_from(["AC03", "OLD"]), max_size=1),
    pr_number=st.just(7),
    evidence=st.sampled_from([{"exit_code": 0}, {"exit_code": 1}, {"commit": "abc"}]),
    completed_at=moments,
)
DEFECTS = st.fixed_dictionaries(
    {
        "damage": st.sampled_from(["GAP::SCHEMA", "WARN::LENIENT-VALUE"]),
        "message": st.just("risk 'high' is read as 'High'"),
        "location": st.just({"path": "m.json"}),
        "fix": st.just("write 'High'"),
        "task_id": st.sampled_from(["", *NAMES]),
    }
)
OF_FILES = {
    "damage": "GAP::UNREADABLE",
    "message": "task-state.json ends in the middle",
    "location": {"path": "s.json"},
    "fix": "restore it",
}


@st.composite
def cases(draw):
    names = draw(st.permutations(NAMES[: draw(st.integers(1, 6))]))
    again = draw(st.lists(st.sampled_from(names), max_size=2))
    tasks = [{"task_id": name, **draw(TASK)} for name in [*names, *again]]
    if draw(st.booleans()):
        tasks = [{key: value for key, value in task.items() if key != "test_verification"} for task in tasks]
    backlog = backlog_of(
        tasks,
        draw(st.dictionaries(ids, ENTRY, max_size=5)),
        {"gaps": {"blocking": draw(st.sampled_from([[], ["GAP::A"]]))}, "timestamp": "2026-01-01T00:00:00Z"},
        {"manifest_hash": draw(st.sampled_from(["", "0123456789abcdef"]))},
        [*draw(st.lists(DEFECTS, max_size=3)), *draw(st.sampled_from([[], [OF_FILES]]))],
    )
    facts = Facts(
        now=draw(st.datetimes(timezones=st.just(None))).replace(tzinfo=Facts().now.tzinfo),
        settings=Settings(wip_limit=1, rules=Rules(blocking=("GAP::B",))),
        strict=draw(st.booleans()),
        references={
            GONE: Resolved(problem="does not exist"),
            HERE: Resolved(HERE),
            "ADR-0001": Resolved(HERE),
        },
        tests={"tests/test_a.py": Resolved(problem="does not exist")},
        merged=frozenset({"abc"}),
        changed_since_manifest=frozenset({HERE}),
    )
    return Case(backlog, facts)


@RELAXED
@given(cases())
def test_eligible_rules_find_what_all_backlog_rules_find_about_an_eligible_task(case):
    everything = [rule for rule in backlog_rules() if rule.code != LEFT_TO_VALIDATE]
    found = judge(case, everything)
    for task in Readiness(case.backlog).eligible:
        name = task.task_id
        own = judge(case.on(task), eligible_rules())
        assert [each for each in own if name in each.tasks] == [each for each in found if name in each.tasks]


def test_eligible_rules_are_backlog_rules_in_their_order():
    everything = backlog_rules()
    assert [rule for rule in everything if rule in eligible_rules()] == eligible_rules()
    assert LEFT_TO_VALIDATE in {rule.code for rule in everything}
    assert LEFT_TO_VALIDATE not in {rule.code for rule in eligible_rules()}


def lenient(damage):
    return {"defects": [{**OF_FILES, "damage": damage, "task_id": "T"}]}


def of_state(**entry):
    return {"state": {"T": entry}}


AC = {"id": "AC01", "text": "this"}
FAULTS = {
    "BLOCKED::EMPTY-AC": {"tasks": [{"task_id": "T"}]},
    "BLOCKED::MISSING-CONTEXT": {"tasks": [{"task_id": "T", "related_specs": [GONE]}]},
    "BLOCKED::SPEC-REF-GAP": {"tasks": [{"task_id": "T", "risk": "High", "test_verification": []}]},
    "BLOCKED::UNRESOLVED-GAP": {"tasks": [{"task_id": "T", "gap_codes": ["GAP::B"]}]},
    "GAP::DANGLING-DEPENDENCY": {
        "tasks": [{"task_id": "T", "depends_on_tasks": ["X"]}],
        **of_state(waived={"X": ""}),
    },
    "GAP::DUP-AC-COVERAGE": {"tasks": [{"task_id": name, "acceptance_criteria": [AC]} for name in "AT"]},
    "GAP::DUPLICATE-AC-ID": {"tasks": [{"task_id": "T", "acceptance_criteria": [AC, AC]}]},
    "GAP::DUPLICATE-TASK-ID": {"tasks": [{"task_id": "T"}, {"task_id": "T"}]},
    "GAP::EST-INCONSISTENT": {"tasks": [{"task_id": "T", "est": {"size": "L"}, "acceptance_criteria": [AC]}]},
    "GAP::NO-SPECS": {"tasks": [{"task_id": "T"}]},
    "GAP::SCHEMA": {"tasks": [{"task_id": "T"}], **lenient("GAP::SCHEMA")},
    "GAP::SELF-DEPENDENCY": {
        "tasks": [{"task_id": "T", "depends_on_tasks": ["T"]}],
        **of_state(waived={"T": ""}),
    },
    "GAP::TASK-DEP-CYCLE": {
        "tasks": [{"task_id": name, "depends_on_tasks": [other]} for name, other in ("TA", "AT")],
        **of_state(waived={"A": ""}),
    },
    "GAP::TASK-OVERSIZED": {
        "tasks": [{"task_id": "T", "acceptance_criteria": [{"id": f"AC{n}"} for n in range(11)]}]
    },
    "WARN::AC-DRIFT": {"tasks": [{"task_id": "T"}], **of_state(acs_remaining=["OLD"])},
    "WARN::CONFLICT-ASYMMETRIC": {"tasks": [{"task_id": "T", "conflicts_with": ["X"]}]},
    "WARN::HIGH-RISK-PARALLEL": {"tasks": [{"task_id": "T", "risk": "High", "parallel": True}]},
    "WARN::LENIENT-VALUE": {"tasks": [{"task_id": "T"}], **lenient("WARN::LENIENT-VALUE")},
    "WARN::REVIEW-NOT-GREEN": {"tasks": [{"task_id": "T", "risk": "High"}], **of_state(pr_number=7)},
    "WARN::STATE-DISAGREES": {
        "tasks": [{"task_id": "T", "declared_status": "pending"}],
        **of_state(status="completed"),
    },
    "WARN::TIMESTAMP-ORDER": {
        "tasks": [{"task_id": "T"}],
        **of_state(started_at="2026-01-02T00:00:00Z", completed_at="2026-01-01T00:00:00Z"),
    },
}


@pytest.mark.parametrize("rule", eligible_rules(), ids=lambda rule: rule.code)
def test_each_of_these_rules_can_have_something_to_say_of_an_eligible_task(rule):
    backlog = backlog_of(**FAULTS[rule.code])
    facts = Facts(
        now=NOW,
        settings=Settings(rules=Rules(blocking=("GAP::B",))),
        references={GONE: Resolved(problem="does not exist")},
    )
    case = Case(backlog, facts).on(backlog["T"])
    assert backlog["T"] in case.readiness.eligible
    assert any("T" in each.tasks for each in judge(case, [rule]))
