"""`vtm prompt` as text."""

from collections.abc import Sequence

from vtm.queries.prompt import Prompt
from vtm.rendering.render import Terminal


def lines(result: Prompt, _: Terminal) -> Sequence[str]:
    """The prompt itself."""
    return result.text.split("\n")
