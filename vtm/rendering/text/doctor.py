"""`vtm doctor` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.examined import Examined, Trouble
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: Examined, _: Terminal) -> Iterator[str]:
    """What was mended, what is out of order, and what is worth knowing."""
    yield from (f"mended: {_placed(each)}" for each in result.fixed)
    yield from _told(result.left)
    yield from (f"note: {each}" for each in result.notes)
    if result.sound:
        yield f"{counted(len(result.fixed), 'thing')} mended." if result.fixed else "Nothing is out of order."
        return
    mendable = sum(each.mendable for each in result.left)
    yield f"{counted(len(result.left), 'thing')} out of order; `vtm doctor --fix` mends {mendable or 'none'}."


def _told(troubles: Sequence[Trouble]) -> Iterator[str]:
    told: set[str] = set()
    for each in troubles:
        yield _placed(each)
        if each.fix not in told:
            yield f"    fix: {each.fix}"
        told.add(each.fix)


def _placed(trouble: Trouble) -> str:
    where = ":".join(filter(None, (trouble.path, str(trouble.line or ""))))
    return f"{where}: {trouble.message}" if where else trouble.message
