"""What the protocol calls an error: the answer to a request that is not for a tool."""

from collections.abc import Callable
from typing import TypeVar

from mcp import MCPError
from mcp.types import INVALID_PARAMS

from vtm.errors import VtmError, WrongUsageError
from vtm.integrations.mcp.visible import shown
from vtm.queries.failure import Failure
from vtm.rendering.render import Terminal, as_text

T = TypeVar("T")


def refusing(answer: Callable[[], T]) -> T:
    """What `answer` gives.

    Raises:
        MCPError: It fails in a way that the client can act on; `data` is the failure.
    """
    try:
        return answer()
    except VtmError as error:
        raise refusal(error) from None


def refusal(error: VtmError) -> MCPError:
    """An error as the protocol has it."""
    failure = Failure.of(error)
    lines = as_text(failure, Terminal()).splitlines()
    return MCPError(INVALID_PARAMS, "; ".join(map(str.strip, lines)), shown(failure))


def unknown(what: str, name: str, hint: str) -> MCPError:
    """The error of a name that does not exist."""
    return refusal(WrongUsageError(f"there is no {what} {name}", code=f"UNKNOWN-{what.upper()}", fix=hint))
