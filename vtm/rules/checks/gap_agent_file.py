"""GAP::AGENT-FILE."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule


@rule("GAP::AGENT-FILE", Severity.WARNING, needs=(Need.AGENTS,))
def check(case: Case) -> Iterator[Problem]:
    """A file that defines an agent holds what its client would leave out without a word.

    Why: the agent does not exist, or is not what its author believes it to be, and nobody is told.

    Fails:
        facts:
          agents:
            flaws:
              - message: description is missing, and the agent does not exist without it
                location: {path: .claude/agents/reviewer.md, line: 1}

    Passes:
        facts:
          agents: {defined: [reviewer]}

    Fix: correct the front matter; `name` and `description` are texts, and a text with a colon has quotes.
    """
    for each in case.facts.agents.flaws:
        yield Problem(each.location, each.message)
