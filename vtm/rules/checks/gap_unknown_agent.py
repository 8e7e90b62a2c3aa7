"""GAP::UNKNOWN-AGENT."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule


@rule("GAP::UNKNOWN-AGENT", Severity.WARNING, needs=(Need.AGENTS,))
def check(case: Case) -> Iterator[Problem]:
    """Settings or a prompt name an agent that nobody defines.

    Why: a client that is to hand work to an agent it does not know fails, or does the work with another one.
    Known are the agents in `.claude/agents`, `.opencode/agents` and `.codex/agents`, and those that clients
    bring along. A name with a colon is one of a plugin, about which nothing is known here.

    Fails:
        facts:
          agents:
            defined: [general-purpose, task-implementer]
            named: [{name: task-implementor, location: {path: vtm.toml, line: 3}}]

    Passes:
        facts:
          agents:
            defined: [general-purpose, task-implementer]
            named: [{name: task-implementer, location: {path: vtm.toml, line: 3}}]

    Fix: define the agent, or correct its name.
    """
    agents = case.facts.agents
    for each in agents.named:
        if each.name not in agents.defined and ":" not in each.name:
            yield Problem(each.location, f"the agent {each.name} is named here and nobody defines it")
