"""The texts that are installed, in the form that each client reads."""

import re
from typing import NamedTuple

import msgspec

from vtm.templates.starter import template

AGENTS = ("implementation-orchestrator", "task-implementer", "task-batch-coordinator")
COMMANDS = ("vtm-next", "vtm-start", "vtm-pulse", "vtm-blocked")
_CLAUDE = "claude"
_PARTS = re.compile(rb"---\n(?P<head>.*?)---\n\n(?P<body>.*)", re.DOTALL)
_DESCRIPTION = re.compile(rb"^description: (.+)$", re.MULTILINE)


class Text(NamedTuple):
    """A text with front matter.

    Attributes:
        whole: As Claude Code reads it; the others want another front matter.
    """

    name: str
    whole: bytes

    @property
    def description(self) -> bytes:
        """When it is to be used."""
        found = _DESCRIPTION.search(self._parts["head"])
        return found[1] if found else b""

    def with_front_matter(self, audience: str, *lines: bytes) -> bytes:
        """The same for another client, with its description and `lines` as its front matter."""
        head = b"\n".join([b"description: " + self.description, *lines])
        return b"---\n" + head + b"\n---\n\n" + spoken_to(audience, self._parts["body"])

    def as_toml(self) -> bytes:
        """The same as an agent of Codex."""
        fields = {"name": self.name, "description": self.description.decode()}
        lines = [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in fields.items()]
        text = spoken_to("plain", self._parts["body"]).decode()
        body = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return "\n".join([*lines, f'developer_instructions = """\n{body}"""\n']).encode()

    @property
    def _parts(self) -> re.Match[bytes]:
        found = _PARTS.fullmatch(self.whole)
        if found is None:
            raise ValueError(f"{self.name} has no front matter")
        return found


def agents() -> list[Text]:
    """The agents."""
    return [Text(name, template(f"agents/agents/{name}.md")) for name in AGENTS]


def commands() -> list[Text]:
    """The slash commands."""
    return [Text(name, template(f"agents/commands/{name}.md")) for name in COMMANDS]


def skill(audience: str = _CLAUDE) -> bytes:
    """The skill; all clients read it in one form."""
    return spoken_to(audience, template("agents/skills/vtm/SKILL.md"))


def spoken_to(audience: str, text: bytes) -> bytes:
    """`text`, in which the prompts that it asks vtm for are those for `audience`."""
    return text.replace(f"--for {_CLAUDE}".encode(), f"--for {audience}".encode())


def block() -> bytes:
    """What stands in AGENTS.md and CLAUDE.md."""
    return template("agents/block.md")


def plugin() -> bytes:
    """The plugin that lets OpenCode call the hooks."""
    return template("agents/opencode/vtm.js")
