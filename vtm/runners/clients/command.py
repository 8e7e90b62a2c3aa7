"""Any program: it reads the prompt on standard input and works in the worktree where it is started."""

from collections import deque
from collections.abc import Iterable, Sequence

from vtm.ports.agents import AgentRunner, Command, Job
from vtm.runners.programs import check_program

_LINES = 20_000
"""Lines of output in which a report is looked for, from the end."""


class Runner(AgentRunner):
    """A command of the settings; `{task}`, `{session}`, `{agent}` and `{folder}` are words of it."""

    def __init__(self, argv: Sequence[str]) -> None:
        """Take the program and its arguments."""
        self._argv = argv

    def check(self, folder: str, agent: str) -> None:
        """Find out whether the program is there; what its agents are is its own business."""
        del agent
        check_program(self._argv[0], folder)

    def command(self, job: Job) -> Command:
        """The command, where a word that is a placeholder stands for what it names."""
        meant = {"{task}": job.task, "{session}": job.session, "{agent}": job.agent, "{folder}": job.folder}
        return Command(tuple(meant.get(word, word) for word in self._argv), job.prompt)

    def said(self, output: Iterable[str]) -> str:
        """All that it printed, but for what is very long ago."""
        return "\n".join(deque(output, _LINES))
