"""Which context files of a task were read for it."""

from collections.abc import Sequence

from msgspec import Struct


class FileRead(Struct, frozen=True):
    """A file as it was when it was read: SHA-256 of its bytes, in hex."""

    path: str
    sha256: str


class FilesRead(Struct, frozen=True, tag_field="schema", tag="vtm.read/1"):
    """The receipts that were kept, and the context files that nobody has read yet."""

    task_id: str
    read: Sequence[FileRead]
    unread: Sequence[str]
