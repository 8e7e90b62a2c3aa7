"""How messages name things."""

from collections.abc import Sequence


def listed(shown: Sequence[str], total: int) -> str:
    """`shown` with commas between them, and how many of `total` are left out."""
    names = ", ".join(shown)
    return f"{names} and {total - len(shown)} more" if total > len(shown) else names


def counted(count: int, noun: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
