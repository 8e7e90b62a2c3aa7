"""What was put into a manifest at once, as the manifest itself remembers it."""

from msgspec import Struct

from vtm.model.task import Texts, Timestamp


class Transaction(Struct, frozen=True):
    """Tasks that `vtm ingest` or `vtm import` added.

    Attributes:
        id: Unique in the manifest.
        at: When they were added.
        tasks: Their ids.
        previous_hash: Canonical hash of the tasks that were there before.
    """

    id: str
    at: Timestamp
    tasks: Texts
    previous_hash: str = ""
