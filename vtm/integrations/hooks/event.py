"""Events as the clients of agents report them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

READING = frozenset({"read"})
EDITING = frozenset({"edit", "multiedit", "write", "notebookedit", "patch", "apply_patch"})
_PATHS = ("file_path", "filePath", "notebook_path")
_PATCHES = ("patchText", "command", "patch", "input")
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\r?$", re.MULTILINE)


class Event(Struct, frozen=True):
    """What a client says on standard input; clients send more, and not all send all of this.

    Attributes:
        session_id: Of the agent's session; those it delegates to share it.
        cwd: Where the agent is; empty: it does not say.
        tool_name: Of the tool that is or was used, as the client calls it.
        tool_input: What the tool is or was called with.
        tool_response: What it gave back, in a form of its own.
        stop_hook_active: Whether the agent goes on only because a hook has asked it to.

    Source: the hooks references of Claude Code, Codex, and the plugin that vtm installs for OpenCode.
    """

    session_id: str = ""
    cwd: str = ""
    tool_name: str = ""
    tool_input: dict[str, Any] = {}
    tool_response: Any = None
    stop_hook_active: bool = False

    def uses(self, tools: frozenset[str]) -> bool:
        """Whether it is about one of `tools`."""
        return self.tool_name.lower() in tools

    def paths(self, work: Path) -> list[Path]:
        """The files that the tool works on; relative names start where the agent is, else at `work`."""
        here = Path(self.cwd)
        base = here if here.is_absolute() else work
        return [base / path for path in dict.fromkeys(self._paths())]

    @property
    def partial(self) -> bool:
        """Whether a file was read only in part."""
        response = self.tool_response if isinstance(self.tool_response, dict) else {}
        file = response.get("file")
        if isinstance(file, dict):
            first, lines, total = (file.get(key) for key in ("startLine", "numLines", "totalLines"))
            if isinstance(first, int) and isinstance(lines, int) and isinstance(total, int):
                return first > 1 or first - 1 + lines < total
        if "truncated" in response:
            return bool(response["truncated"]) or self._starts_later
        return self._starts_later or self.tool_input.get("limit") is not None

    @property
    def _starts_later(self) -> bool:
        return self.tool_input.get("offset") not in {None, 0, 1}

    def _paths(self) -> Iterator[str]:
        for key in _PATHS:
            path = self.tool_input.get(key)
            if isinstance(path, str) and path:
                yield path
        for key in _PATCHES:
            patch = self.tool_input.get(key)
            if isinstance(patch, str):
                yield from (found.strip() for found in _PATCHED.findall(patch))


def heard(data: bytes) -> Event | None:
    """The event that `data` is; None where it is none."""
    try:
        return msgspec.json.decode(data, type=Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
