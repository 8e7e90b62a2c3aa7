"""Settings of agents: which one does a task, and how it is started."""

from msgspec import Struct


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does tasks of one sort.

    Attributes:
        runner: What starts the agent: `claude`, `opencode`, `codex`, or another name under `[runners]`.
        agent: What the client is to be, by the name of an agent that it knows.
    """

    runner: str = ""
    agent: str = ""


class ByRisk(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does tasks of each risk."""

    High: Choice = Choice()
    Medium: Choice = Choice()
    Low: Choice = Choice()


class Agents(Struct, frozen=True, forbid_unknown_fields=True):
    """Which agents do tasks.

    Attributes:
        High: The agent that one of that risk is to hand its tests to; empty: what the project defines.
            `Medium` and `Low` likewise.
        runner: What starts agents, as in a choice; `agent` likewise.
        risks: What is different by risk.
        kinds: What is different by the kind of task, which is its `level`; that wins over the risk.
    """

    High: str = ""
    Medium: str = ""
    Low: str = ""
    runner: str = "claude"
    agent: str = ""
    risks: ByRisk = ByRisk()
    kinds: dict[str, Choice] = {}


class Program(Struct, frozen=True, forbid_unknown_fields=True):
    """How an agent is started.

    Attributes:
        command: Program and arguments; the prompt is on standard input. The words `{task}`, `{session}`,
            `{agent}` and `{folder}` stand for what they name. For a client that vtm knows: another way to
            start it, without them.
        args: More arguments, behind those that vtm gives to a client that it knows.
    """

    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
