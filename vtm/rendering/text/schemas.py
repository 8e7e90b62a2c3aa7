"""`vtm schema` without a name as text."""

from collections.abc import Iterator

from vtm.queries.catalogue import SchemaList
from vtm.rendering.render import Terminal


def lines(result: SchemaList, _: Terminal) -> Iterator[str]:
    """One line for each schema."""
    widest = max(map(len, result.schemas))
    for name, title in result.schemas.items():
        yield f"{name:<{widest}}  {title}"
