"""What `vtm init` did."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct


class Initialised(Struct, frozen=True, tag_field="schema", tag="vtm.init/1"):
    """Files that were created, and those that were there and stay as they are; relative to the root."""

    root: str
    created: Sequence[str]
    kept: Sequence[str]


class GitStep(Struct, frozen=True):
    """One thing that git needs to know.

    Attributes:
        what: A key of git's configuration, or a file.
        done: `set` now, `kept` as it was set before, or left `by-hand`: something else is in its place.
        note: What to do by hand; empty: nothing.
    """

    what: str
    done: Literal["set", "kept", "by-hand"]
    note: str = ""


class InitialisedWithGit(Struct, frozen=True, tag_field="schema", tag="vtm.init/1"):
    """The same, and what was set in the repository: driver and attributes for merging, and the hooks."""

    root: str
    created: Sequence[str]
    kept: Sequence[str]
    git: Sequence[GitStep]
