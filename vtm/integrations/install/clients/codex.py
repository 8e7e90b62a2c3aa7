"""Codex.

Source: its documentation of AGENTS.md, configuration, hooks, subagents and skills.
"""

from collections.abc import Iterator

from vtm.integrations.install.block import MARKDOWN, Block
from vtm.integrations.install.calls import hooks
from vtm.integrations.install.keys import Keys
from vtm.integrations.install.part import Part
from vtm.integrations.install.table import Table
from vtm.integrations.install.texts import agents, block, skill
from vtm.integrations.install.whole import Whole

FOLDER = ".codex"
_SERVER = ("mcp_servers", "vtm")
_CALL = 'command = "vtm"\nargs = ["mcp"]\n'


def parts() -> Iterator[Part]:
    """What is installed for it."""
    yield from (Whole(f"{FOLDER}/agents/{each.name}.toml", each.as_toml()) for each in agents())
    yield Whole(".agents/skills/vtm/SKILL.md", skill("plain"))
    yield Keys(f"{FOLDER}/hooks.json", hooks(read="Read|Bash", edit="apply_patch|Edit|Write"))
    yield Table.of(f"{FOLDER}/config.toml", _SERVER, _CALL)
    yield Block("AGENTS.md", block(), MARKDOWN)
