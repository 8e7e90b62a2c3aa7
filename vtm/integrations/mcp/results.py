"""Answers and failures in the form of the protocol."""

from collections.abc import Sequence
from typing import Any

import msgspec
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Tool as Described

from vtm.errors import VtmError
from vtm.integrations.mcp.arguments import taken
from vtm.integrations.mcp.outlines import input_schema, output_schema
from vtm.integrations.mcp.session import Call
from vtm.integrations.mcp.tools import Tool
from vtm.integrations.mcp.visible import shown
from vtm.queries.failure import Failure
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal, as_text


def described(tool: Tool) -> Described:
    """What clients are told of a tool. No tool destroys anything: the journal keeps all that was."""
    hints = ToolAnnotations(
        read_only_hint=tool.reads,
        destructive_hint=False,
        idempotent_hint=tool.repeatable,
        open_world_hint=False,
    )
    return Described(
        name=tool.name,
        description=tool.description,
        input_schema=input_schema(tool.takes),
        output_schema=output_schema(tool.gives),
        annotations=hints,
    )


def used(tool: Tool, given: dict[str, Any], call: Call) -> CallToolResult:
    """What comes of using a tool; that it is refused is an answer too."""
    try:
        answer = tool.does(call, taken(tool.name, tool.takes, given))
    except VtmError as error:
        return _result(Failure.of(error), [f"the code of this is {error.code}", *call.said], failed=True)
    return _result(answer, call.said)


def _result(answer: msgspec.Struct, notices: Sequence[str], *, failed: bool = False) -> CallToolResult:
    """An answer for models, which read the text, and for programs, which read the JSON."""
    texts = [as_text(answer, Terminal()), *(one_line(f"vtm: {each}") for each in notices)]
    content = [TextContent(text=text) for text in texts]
    return CallToolResult(content=[*content], structured_content=shown(answer), is_error=failed)
