"""Which agent does a task, by the settings."""

from collections.abc import Iterator
from typing import NamedTuple

from vtm.model.agent_settings import Agents, Choice
from vtm.model.status import Risk

_DEFINING = ("claude", "opencode")
"""Clients whose agents are defined in files of the project."""


class Chosen(NamedTuple):
    """An agent that is to do a task: what starts it, and what it is to be (empty: as it is by itself)."""

    runner: str
    agent: str


def chosen(agents: Agents, risk: Risk, kind: str) -> Chosen:
    """Who does a task of this risk and kind.

    The kind has the first word, then the risk, then the rest of the settings: what kind of work it is says
    more about who can do it than how dangerous it is. An agent is known to its own runner only, so that one
    that was named with another runner is not taken.
    """
    words = [*_kind(agents, kind), getattr(agents.risks, risk.value), Choice(agents.runner, agents.agent)]
    runner = next((each.runner for each in words if each.runner), "")
    for at, each in enumerate(words):
        if each.agent and next((later.runner for later in words[at:] if later.runner), "") == runner:
            return Chosen(runner, each.agent)
    return Chosen(runner, "")


def choices(agents: Agents) -> Iterator[tuple[str, str, Chosen]]:
    """Who does what: kind (empty: any other), risk (empty: any), and who it is."""
    for kind in ("", *agents.kinds):
        found = {risk: chosen(agents, risk, kind) for risk in Risk}
        if len(set(found.values())) == 1:
            yield kind, "", found[Risk.HIGH]
        else:
            yield from ((kind, risk.value, each) for risk, each in found.items())


def named_agents(agents: Agents) -> Iterator[tuple[str, str]]:
    """Agents that the settings name, of clients that define theirs in files of the project; each by its key.

    The key is dotted and begins below `agents`; a name may be empty.
    """
    for risk in Risk:
        yield risk.value, getattr(agents, risk.value)
        yield f"risks.{risk.value}.agent", _defined(agents, risk, "", getattr(agents.risks, risk.value))
    yield "agent", agents.agent if agents.runner in _DEFINING else ""
    for kind, choice in agents.kinds.items():
        yield f"kinds.{kind}.agent", _defined(agents, Risk.MEDIUM, kind, choice)


def _defined(agents: Agents, risk: Risk, kind: str, choice: Choice) -> str:
    runner = choice.runner or chosen(agents, risk, kind).runner
    return choice.agent if runner in _DEFINING else ""


def _kind(agents: Agents, kind: str) -> Iterator[Choice]:
    """What is set for a kind, in whatever case it is written."""
    wanted = kind.strip().casefold()
    yield from (each for name, each in agents.kinds.items() if name.strip().casefold() == wanted)
