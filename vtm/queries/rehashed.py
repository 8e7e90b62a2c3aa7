"""What `vtm rehash` did, or would do."""

from collections.abc import Sequence

from msgspec import Struct


class RehashedFile(Struct, frozen=True):
    """A file that carries a hash.

    Attributes:
        path: POSIX, relative to the root.
        before: The hash in it; empty where there was none that could be read.
        changes: Whether that is another one now.
    """

    path: str
    before: str
    changes: bool


class Rehashed(Struct, frozen=True, tag_field="schema", tag="vtm.rehash/1"):
    """The canonical hash of the backlog, and the files it belongs in.

    Attributes:
        applied: Whether the files that change were written.
    """

    manifest_hash: str
    applied: bool
    files: Sequence[RehashedFile]
