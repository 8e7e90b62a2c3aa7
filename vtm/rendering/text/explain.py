"""`vtm explain` as text."""

from collections.abc import Iterator

from vtm.queries.catalogue import Explanation
from vtm.rendering.render import Terminal


def lines(result: Explanation, _: Terminal) -> Iterator[str]:
    """Code, weight and documentation of a rule."""
    stops = ", keeps a task from being started" if result.blocking else ""
    yield f"{result.code} ({result.severity}{stops})"
    yield f"Judged in: {', '.join(result.judges)}"
    yield ""
    yield from result.documentation.splitlines()
