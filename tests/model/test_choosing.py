"""Which agent does a task."""

import pytest

from vtm.model.agent_settings import Agents, ByRisk, Choice
from vtm.model.choosing import choices, chosen, named_agents
from vtm.model.status import Risk

SET = Agents(
    runner="codex",
    agent="plain",
    risks=ByRisk(High=Choice("claude", "careful"), Low=Choice(agent="quick")),
    kinds={
        "research": Choice("opencode", "poc-specialist"),
        "docs": Choice(agent="writer"),
        "ops": Choice("own"),
    },
)
CHOSEN = {
    "default": (Agents(), Risk.HIGH, "", ("claude", "")),
    "for-all": (SET, Risk.MEDIUM, "", ("codex", "plain")),
    "risk": (SET, Risk.HIGH, "", ("claude", "careful")),
    "agent-by-risk": (SET, Risk.LOW, "", ("codex", "quick")),
    "kind-before-risk": (SET, Risk.HIGH, "research", ("opencode", "poc-specialist")),
    "any-case": (SET, Risk.HIGH, " Research ", ("opencode", "poc-specialist")),
    "agent-by-kind-runner-by-risk": (SET, Risk.HIGH, "docs", ("claude", "writer")),
    "agent-of-another-runner": (SET, Risk.HIGH, "ops", ("own", "")),
    "other-kind": (SET, Risk.LOW, "else", ("codex", "quick")),
    "agent-of-the-same-runner": (
        Agents(agent="plain", risks=ByRisk(High=Choice("claude"))),
        Risk.HIGH,
        "",
        ("claude", "plain"),
    ),
}


@pytest.mark.parametrize(("agents", "risk", "kind", "who"), CHOSEN.values(), ids=CHOSEN)
def test_the_kind_has_the_first_word_then_the_risk(agents, risk, kind, who):
    assert chosen(agents, risk, kind) == who


def test_choices_are_told_once_where_the_risk_makes_no_difference():
    assert [(kind, risk, tuple(who)) for kind, risk, who in choices(SET)] == [
        ("", "High", ("claude", "careful")),
        ("", "Medium", ("codex", "plain")),
        ("", "Low", ("codex", "quick")),
        ("research", "", ("opencode", "poc-specialist")),
        ("docs", "High", ("claude", "writer")),
        ("docs", "Medium", ("codex", "writer")),
        ("docs", "Low", ("codex", "writer")),
        ("ops", "", ("own", "")),
    ]
    assert list(choices(Agents())) == [("", "", ("claude", ""))]


def test_agents_are_looked_up_where_their_client_defines_them_in_the_project():
    agents = Agents(
        High="tester",
        agent="plain",
        risks=ByRisk(Low=Choice("codex", "profile")),
        kinds={"research": Choice("opencode", "poc"), "odd": Choice("own", "x")},
    )
    assert {key: name for key, name in named_agents(agents) if name} == {
        "High": "tester",
        "agent": "plain",
        "kinds.research.agent": "poc",
    }
