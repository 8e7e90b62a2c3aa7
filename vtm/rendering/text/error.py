"""Why there is no answer, as text."""

from collections.abc import Iterator

from vtm.queries.failure import Failure
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import place


def lines(result: Failure, _: Terminal) -> Iterator[str]:
    """What is wrong, what to do, and the code of each that holds it up, by which it could be overridden."""
    yield f"vtm: {_placed(result)}"
    yield f"     fix: {result.fix}"
    for finding in result.findings:
        yield f"     {finding.code}: {finding.message}"


def _placed(failure: Failure) -> str:
    """The message with its place in front, which it need not name a second time."""
    where, message = failure.location, failure.message
    if where is None or (where.path in message and not where.line):
        return message
    return f"{place(where)}: {message.removeprefix(where.path).lstrip(': ')}"
