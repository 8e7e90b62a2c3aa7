"""Codex, run once without a person."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from vtm.discovery import common_dir
from vtm.ports.agents import AgentRunner, Command, Job
from vtm.runners.events import events, inside, text_of
from vtm.runners.programs import check_program, unknown_agent

_SANDBOX = ("--sandbox", "-s", "--dangerously-bypass-approvals-and-sandbox", "--yolo", "--full-auto")
"""Arguments that say what it may do; with one of them in the settings vtm gives none."""


class Runner(AgentRunner):
    """`codex exec`, with the prompt on standard input and events on standard output.

    It asks nobody. The name of an agent is that of a profile; one that it does not know it passes over in
    silence, so that they are looked up before.

    Source: the client's own help and behaviour, 0.171.
    """

    def __init__(self, command: Sequence[str], args: Sequence[str]) -> None:
        """Take what starts it, and more arguments, which win."""
        self._command = command or ("codex",)
        self._args = args

    def check(self, folder: str, agent: str) -> None:
        """Find out whether the program is there and knows the profile.

        Raises:
            ExternalError: It is not.
            WrongUsageError: It has no profile of this name.
        """
        check_program(self._command[0], folder, "install Codex, or choose another runner under [agents]")
        home = Path(os.environ.get("CODEX_HOME") or Path.home() / ".codex")
        if agent and not (home / f"{agent}.config.toml").is_file():
            known = [each.name.removesuffix(".config.toml") for each in sorted(home.glob("*.config.toml"))]
            raise unknown_agent(agent, "is no profile of Codex", known, "define it in its settings")

    def command(self, job: Job) -> Command:
        """How to start it for `job`."""
        agent = ("--profile", job.agent) if job.agent else ()
        argv = (*self._command, "exec", "--json", *self._sandbox(job.folder), *agent, *self._args, "-")
        return Command(argv, job.prompt)

    def _sandbox(self, folder: str) -> tuple[str, ...]:
        """It may write where it works, and where git keeps what is committed there."""
        if any(each.partition("=")[0] in _SANDBOX for each in self._args):
            return ()
        return ("--sandbox", "workspace-write", "--add-dir", str(common_dir(Path(folder))))

    def said(self, output: Iterable[str]) -> str:
        """All that it said: behind its report may be other words."""
        items = (inside(event, "item") for event in events(output) if event.get("type") == "item.completed")
        texts = (text_of(item, "text") for item in items if item.get("type") == "agent_message")
        return "\n".join(filter(None, texts))
