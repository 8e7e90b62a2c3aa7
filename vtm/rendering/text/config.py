"""`vtm config` as text."""

from collections.abc import Iterator

import msgspec

from vtm.queries.catalogue import Config
from vtm.rendering.render import Terminal


def lines(result: Config, terminal: Terminal) -> Iterator[str]:  # noqa: ARG001
    """One line for each setting: key, value, origin."""
    yield f"# root: {result.root}"
    shown = [f"{each.key} = {msgspec.json.encode(each.value).decode()}" for each in result.settings]
    widest = max(map(len, shown))
    for text, each in zip(shown, result.settings, strict=True):
        yield f"{text:<{widest}}  # {each.origin}"
