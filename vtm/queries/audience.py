"""For whom a prompt is written: agents call the same tools by different names."""

from collections.abc import Sequence

from msgspec import Struct


class Audience(Struct, frozen=True):
    """An agent's words for what a prompt asks of it; a tool that has no name is empty.

    Attributes:
        read: The tool that reads a file.
        todo: The tool that keeps a list of what is to do.
        delegate: The tool that hands work to another agent.
        generic: The type of an agent for everything.
        folders: Where a project defines its agents.
    """

    name: str
    read: str
    todo: str
    delegate: str
    generic: str
    folders: Sequence[str]


_CLAUDE = (".claude/agents",)
_OPENCODE = (".opencode/agents", ".opencode/agent")

AUDIENCES = {
    each.name: each
    for each in (
        Audience("claude", "Read", "TodoWrite", "Task", "general-purpose", _CLAUDE),
        Audience("opencode", "read", "todowrite", "task", "general", _OPENCODE),
        Audience("plain", "", "", "", "general-purpose", (*_CLAUDE, *_OPENCODE)),
    )
}
"""By name."""
