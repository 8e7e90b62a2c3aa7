"""What `vtm merge` did."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from vtm.model.finding import Finding


class How(StrEnum):
    """How it ended for one task.

    `merged`: its work is on main now. `already`: it was there before, or there is none. `handed-back`: it
    does not fit what main has become, and the task is pending again. `held-up`: it may not be merged now.
    """

    MERGED = "merged"
    ALREADY = "already"
    HANDED_BACK = "handed-back"
    HELD_UP = "held-up"


class Brought(Struct, frozen=True, kw_only=True):
    """What became of the work of one task.

    Attributes:
        branch: That holds the work.
        head: Its commit, of which all is merged; empty: there is none.
        recorded: The commit that was recorded when the task was completed; empty: none was.
        commit: Of the merge; empty: none was made.
        code: Why it was not merged, such as `MERGE-CONFLICT`; empty: it is on main.
        reason: The same as a sentence.
        fix: What to do about it.
        files: Those that the reason is about.
        output: The end of what a command that failed has printed.
        findings: Warnings that did not stop it.
        exit: Exit code that this alone would lead to.
    """

    task_id: str
    title: str
    how: How
    branch: str = ""
    head: str = ""
    recorded: str = ""
    commit: str = ""
    code: str = ""
    reason: str = ""
    fix: str = ""
    files: Sequence[str] = ()
    output: str = ""
    findings: Sequence[Finding] = ()
    exit: int = 0


class Merged(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.merge/1"):
    """What became of the work of each task that was asked for; each is in one of four lists.

    Attributes:
        main: The branch that it was brought to.
        merged: In the order in which it was done.
        already: Those whose work was on main before.
        handed_back: Those that are pending again, with a reason.
        held_up: Those that may not be merged now.
        pushed: The remote that main was pushed to; empty: it was not.
        push_failed: Why it could not be pushed; empty: it could, or nobody asked.
        notices: What did not go as it should and stopped nothing.
        dry_run: Whether it was only asked about.
    """

    main: str = ""
    merged: Sequence[Brought] = ()
    already: Sequence[Brought] = ()
    handed_back: Sequence[Brought] = ()
    held_up: Sequence[Brought] = ()
    pushed: str = ""
    push_failed: str = ""
    notices: Sequence[str] = ()
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """Exit code of the whole."""
        codes = [each.exit for each in (*self.handed_back, *self.held_up)]
        return max([*codes, 5 if self.push_failed else 0])


def merged_answer(main: str, found: Sequence[Brought], **more: Any) -> Merged:
    """The answer for what was `found` of each task, in that order; `more` are further fields of it."""
    by_way = {how: [each for each in found if each.how is how] for how in How}
    return Merged(
        main=main,
        merged=by_way[How.MERGED],
        already=by_way[How.ALREADY],
        handed_back=by_way[How.HANDED_BACK],
        held_up=by_way[How.HELD_UP],
        **more,
    )
