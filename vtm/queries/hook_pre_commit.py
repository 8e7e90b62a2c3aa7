"""What `vtm hook pre-commit` found."""

from collections.abc import Sequence

from msgspec import Struct


class CommitAllowed(Struct, frozen=True, tag_field="schema", tag="vtm.hook.pre-commit/1"):
    """A commit may be made.

    Attributes:
        branch: That it is made on; empty: none is checked out, or this is outside git.
        paths: State and journal, as far as they are in it; relative to the top level of the repository.
    """

    branch: str
    paths: Sequence[str]
