"""What `vtm init --agent` did."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct


class AgentFile(Struct, frozen=True):
    """One file, and what became of it.

    Attributes:
        path: Relative to the root.
        done: `created`, `changed` or `removed` now; `kept` as it was, there was nothing to do; `left` alone
            though there was.
        note: Why it was left; empty: it was not.
        by_hand: What to put into it by hand; empty: nothing.
    """

    path: str
    done: Literal["created", "changed", "removed", "kept", "left"]
    note: str = ""
    by_hand: str = ""


class AgentsInstalled(Struct, frozen=True, tag_field="schema", tag="vtm.init.agents/1"):
    """What was installed for clients of agents, or taken back.

    Attributes:
        root: The caller's worktree.
        removed: Whether it was taken back.
        dry_run: Whether it was only looked at.
    """

    root: str
    agents: Sequence[str]
    removed: bool
    dry_run: bool
    files: Sequence[AgentFile]
