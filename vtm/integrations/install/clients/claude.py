"""Claude Code.

Source: its references of settings, hooks, subagents, slash commands, skills and MCP.
"""

from collections.abc import Iterator

from vtm.integrations.install.block import MARKDOWN, Block
from vtm.integrations.install.calls import hooks, servers
from vtm.integrations.install.keys import Keys, Tree
from vtm.integrations.install.part import Part
from vtm.integrations.install.texts import agents, block, commands, skill
from vtm.integrations.install.whole import Whole

FOLDER = ".claude"


def settings() -> Tree:
    """What its settings get."""
    return hooks(read="Read|Bash", edit="Edit|MultiEdit|Write|NotebookEdit")


def parts() -> Iterator[Part]:
    """What is installed for it."""
    yield from (Whole(f"{FOLDER}/agents/{each.name}.md", each.whole) for each in agents())
    yield from (Whole(f"{FOLDER}/commands/{each.name}.md", each.whole) for each in commands())
    yield Whole(f"{FOLDER}/skills/vtm/SKILL.md", skill())
    yield Keys(f"{FOLDER}/settings.json", settings())
    yield Keys(".mcp.json", servers())
    yield Block("CLAUDE.md", block(), MARKDOWN)
