"""What `vtm sync` did."""

from collections.abc import Sequence

from msgspec import Struct


class Synced(Struct, frozen=True, tag_field="schema", tag="vtm.sync/1"):
    """State and journal were committed, or why not.

    Attributes:
        branch: That is checked out; empty: none.
        paths: What was, or would be, committed; relative to the top level of the repository.
        commit: Id of the commit; empty: none was made.
        dry_run: Whether it was only asked about.
        code: Why nothing may be committed; empty: it may.
        reason: The same as a sentence.
    """

    branch: str = ""
    paths: Sequence[str] = ()
    commit: str = ""
    dry_run: bool = False
    code: str = ""
    reason: str = ""

    @property
    def notices(self) -> list[str]:
        """What to tell whoever did not ask for it: that nothing may be committed now."""
        return [f"state and journal were not committed: {self.reason}"] if self.code else []
