"""What `vtm fmt` did, or would do."""

from collections.abc import Sequence

from msgspec import Struct


class Unformatted(Struct, frozen=True):
    """A file that cannot be put in order safely, and stays as it is; line and column from 1, 0: unknown."""

    path: str
    line: int
    column: int
    message: str
    fix: str


class Formatted(Struct, frozen=True, tag_field="schema", tag="vtm.fmt/1"):
    """Task files with their front matter in one order.

    Attributes:
        ok: Whether nothing is left to do: no file is out of order any more, and each can be put in order.
        check: Whether it was only looked at.
        total: How many task files there are.
        changed: Those that were out of order, relative to the root.
    """

    ok: bool
    check: bool
    total: int
    changed: Sequence[str]
    problems: Sequence[Unformatted]


def formatted(
    total: int, changed: Sequence[str], problems: Sequence[Unformatted], *, check: bool
) -> Formatted:
    """Weigh what was found."""
    return Formatted(not problems and not (check and changed), check, total, changed, problems)
