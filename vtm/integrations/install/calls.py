"""How clients call vtm: the hooks, and the server."""

from typing import Any

from vtm.integrations.install.keys import Tree, Value

_PATIENCE = 10
"""Seconds that a client waits for a hook."""
SERVER: dict[str, Any] = {"command": "vtm", "args": ["mcp"]}


def hooks(*, read: str, edit: str) -> Tree:
    """The hooks, as Claude Code and Codex have them; `read` and `edit` match the tools that do so."""
    return {
        "hooks": {
            "SessionStart": [_group("session-start")],
            "PreToolUse": [_group("pre-tool-use", edit)],
            "PostToolUse": [_group("post-tool-use", read)],
            "Stop": [_group("stop")],
        }
    }


def servers() -> Tree:
    """The server, as Claude Code has it."""
    return {"mcpServers": {"vtm": Value(SERVER)}}


def _group(event: str, matcher: str = "") -> dict[str, Any]:
    call = {"type": "command", "command": f"vtm hook {event}", "timeout": _PATIENCE}
    return {**({"matcher": matcher} if matcher else {}), "hooks": [call]}
