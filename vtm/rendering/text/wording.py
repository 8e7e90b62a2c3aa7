"""Numbers, names, ages and times as people read them."""

from collections.abc import Sequence
from datetime import datetime


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 task`, `2 tasks`; `many` where that is not `one` with an s."""
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names with commas between them, the first ten and how many more there are."""
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def age(seconds: int) -> str:
    """How long ago, in the largest unit that says enough: `25m`, `7h`, `3d`."""
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // 1440}d"


def moment(at: datetime) -> str:
    """A moment in ISO 8601 to the second, with `Z` for UTC."""
    return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
