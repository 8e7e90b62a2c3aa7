"""`vtm config` as text."""

from collections.abc import Iterator

import msgspec

from vtm.queries.catalogue import Config
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal


def lines(result: Config, _: Terminal) -> Iterator[str]:
    """One line for each setting: key, value, origin; then who does what."""
    yield f"# root: {result.root}"
    shown = [f"{each.key} = {one_line(_literal(each.value))}" for each in result.settings]
    widest = max(map(len, shown))
    for text, each in zip(shown, result.settings, strict=True):
        yield f"{text:<{widest}}  # {each.origin}"
    for choice in result.agents:
        kind = f"of kind {one_line(choice.kind)}" if choice.kind else ""
        sort = " ".join(word for word in (choice.risk, "tasks", kind) if word)
        agent = f", as {one_line(choice.agent)}" if choice.agent else ""
        yield f"# {sort}: {one_line(choice.runner)}{agent}"


def _literal(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()
