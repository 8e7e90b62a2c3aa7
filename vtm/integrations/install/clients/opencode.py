"""OpenCode.

Source: its documentation of configuration, agents, commands, skills and plugins.
"""

from collections.abc import Iterator

from vtm.integrations.install.block import MARKDOWN, Block
from vtm.integrations.install.calls import SERVER
from vtm.integrations.install.keys import Keys, Value
from vtm.integrations.install.part import Part
from vtm.integrations.install.texts import agents, block, commands, plugin, skill
from vtm.integrations.install.whole import Whole

FOLDER = ".opencode"
_AUDIENCE = "opencode"
_PRIMARY = "implementation-orchestrator"
_SCHEMA = "https://opencode.ai/config.json"


def parts() -> Iterator[Part]:
    """What is installed for it."""
    for each in agents():
        mode = b"mode: all" if each.name == _PRIMARY else b"mode: subagent"
        yield Whole(f"{FOLDER}/agents/{each.name}.md", each.with_front_matter(_AUDIENCE, mode))
    yield from (
        Whole(f"{FOLDER}/commands/{each.name}.md", each.with_front_matter(_AUDIENCE)) for each in commands()
    )
    yield Whole(f"{FOLDER}/skills/vtm/SKILL.md", skill(_AUDIENCE))
    yield Whole(f"{FOLDER}/plugins/vtm.js", plugin())
    call = [SERVER["command"], *SERVER["args"]]
    server = Value({"type": "local", "command": call, "enabled": True})
    yield Keys("opencode.json", {"mcp": {"vtm": server}}, {"$schema": _SCHEMA}, "opencode.jsonc")
    yield Block("AGENTS.md", block(), MARKDOWN)
