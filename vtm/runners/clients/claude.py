"""Claude Code, run once without a person."""

from collections.abc import Iterable, Sequence

from vtm.ports.agents import AgentRunner, Command, Job
from vtm.runners.events import events, inside, text_of
from vtm.runners.programs import check_program

_UNATTENDED = ("-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits")
_ALLOWED = ("--allowedTools", "mcp__vtm", "mcp__plugin_vtm_vtm", "Bash(git *)", "Bash(vtm *)")
"""What it may do beside editing: nobody is there to ask. The project's own settings may allow more."""


class Runner(AgentRunner):
    """`claude -p`, with the prompt on standard input and events on standard output.

    An agent that it does not know it refuses by itself, and names those that it does.

    Source: the client's own help, 2.1.
    """

    def __init__(self, command: Sequence[str], args: Sequence[str]) -> None:
        """Take what starts it, and more arguments, which win."""
        self._command = command or ("claude",)
        self._args = args

    def check(self, folder: str, agent: str) -> None:
        """Find out whether the program is there."""
        del agent
        check_program(
            self._command[0], folder, "install Claude Code, or choose another runner under [agents]"
        )

    def command(self, job: Job) -> Command:
        """How to start it for `job`."""
        agent = ("--agent", job.agent) if job.agent else ()
        return Command((*self._command, *_UNATTENDED, *agent, *_ALLOWED, *self._args), job.prompt)

    def said(self, output: Iterable[str]) -> str:
        """All that it said: behind its report may be what it said to a hook that kept it from ending."""
        parts: list[str] = []
        for event in events(output):
            match event.get("type"):
                case "result":
                    parts.append(text_of(event, "result"))
                case "assistant" if not event.get("parent_tool_use_id"):
                    parts.append(_text(inside(event, "message").get("content")))
        return "\n".join(
            part for part, before in zip(parts, ["", *parts], strict=False) if part not in {"", before}
        )


def _text(content: object) -> str:
    parts = content if isinstance(content, list) else []
    return "\n".join(text_of(each, "text") for each in parts if isinstance(each, dict) and "text" in each)
