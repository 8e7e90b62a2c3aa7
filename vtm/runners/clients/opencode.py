"""OpenCode, run once without a person."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache

from vtm.errors import ExternalError
from vtm.ports.agents import AgentRunner, Command, Job
from vtm.runners.events import events, inside, text_of
from vtm.runners.programs import check_program, unknown_agent

_AGENT = re.compile(r"^(\S.*) \((\w+)\)$", re.MULTILINE)
_HIDDEN = ("compaction", "summary", "title")
"""Agents that it has for itself."""
_PATIENCE = 60
"""Seconds that it may take to name its agents."""


class Runner(AgentRunner):
    """`opencode run`, with the prompt on standard input and events on standard output.

    In the place of an agent that it does not know, or that is for other agents only, it takes its own, and
    says so to nobody who reads events. So its agents are looked up before.

    Source: the client's own help and behaviour, 1.18.
    """

    def __init__(self, command: Sequence[str], args: Sequence[str]) -> None:
        """Take what starts it, and more arguments, which win."""
        self._command = tuple(command or ("opencode",))
        self._args = args

    def check(self, folder: str, agent: str) -> None:
        """Find out whether the program is there and knows the agent.

        Raises:
            ExternalError: It is not, or cannot say.
            WrongUsageError: It has no agent of this name that can be started.
        """
        check_program(self._command[0], folder, "install OpenCode, or choose another runner under [agents]")
        if not agent:
            return
        known = _agents(self._command, folder)
        if known.get(agent, "subagent") != "subagent":
            return
        what = "is for other agents only" if agent in known else "is not defined"
        usable = [name for name, mode in known.items() if mode != "subagent" and name not in _HIDDEN]
        raise unknown_agent(agent, f"{what} in OpenCode", usable, "define it under .opencode/agents")

    def command(self, job: Job) -> Command:
        """How to start it for `job`."""
        agent = ("--agent", job.agent) if job.agent else ()
        argv = (*self._command, "run", "--format", "json", "--title", job.session, *agent, *self._args)
        return Command(argv, job.prompt)

    def said(self, output: Iterable[str]) -> str:
        """All that it said: behind its report may be what it said to a hook that kept it from ending."""
        texts = (
            text_of(inside(event, "part"), "text") for event in events(output) if event.get("type") == "text"
        )
        return "\n".join(filter(None, texts))


@cache
def _agents(command: tuple[str, ...], folder: str) -> dict[str, str]:
    """Its agents, and the mode of each; it takes seconds to say.

    It is asked twice where it fails: of several that set up its database at once, when it is first used, only
    one succeeds.
    """
    done = _listed(command, folder)
    if done.returncode:
        done = _listed(command, folder)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _unnamed(f"exit code {done.returncode}" + (f", {said[0]}" if said else ""))
    return dict(_AGENT.findall(done.stdout.decode("utf-8", "replace")))


def _listed(command: tuple[str, ...], folder: str) -> "subprocess.CompletedProcess[bytes]":
    argv = [*command, "agent", "list"]
    try:
        return subprocess.run(
            argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise _unnamed(f"no answer after {_PATIENCE} s") from None
    except (OSError, ValueError) as error:
        raise _unnamed(str(error)) from None


def _unnamed(problem: str) -> ExternalError:
    return ExternalError(
        f"OpenCode does not name its agents: {problem}",
        code="AGENTS-UNKNOWN",
        fix="run `opencode agent list` to see why",
    )
