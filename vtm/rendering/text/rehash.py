"""`vtm rehash` as text."""

from collections.abc import Iterator

from vtm.queries.rehashed import Rehashed
from vtm.rendering.render import Terminal


def lines(result: Rehashed, _: Terminal) -> Iterator[str]:
    """The hash, then a line for each file."""
    yield f"The hash of the tasks is {result.manifest_hash}."
    for each in result.files:
        if each.changes:
            verb = "now has it" if result.applied else "would get it"
            yield f"  {each.path} {verb}, in place of {each.before or 'none'}"
        else:
            yield f"  {each.path} has it"
    if not any(each.changes for each in result.files):
        yield "Nothing had to be changed."
    elif not result.applied:
        yield "Nothing was written."
