"""Any client that reads AGENTS.md."""

from collections.abc import Iterator

from vtm.integrations.install.block import MARKDOWN, Block
from vtm.integrations.install.part import Part
from vtm.integrations.install.texts import block


def parts() -> Iterator[Part]:
    """What is installed for it."""
    yield Block("AGENTS.md", block(), MARKDOWN)
