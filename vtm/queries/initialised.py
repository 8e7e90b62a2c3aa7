"""What `vtm init` did."""

from collections.abc import Sequence

from msgspec import Struct


class Initialised(Struct, frozen=True, tag_field="schema", tag="vtm.init/1"):
    """Files that were created, and those that were there and stay as they are; relative to the root."""

    root: str
    created: Sequence[str]
    kept: Sequence[str]
