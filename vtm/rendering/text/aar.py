"""An after-action review as Markdown."""

from collections.abc import Iterator

from vtm.model.fence import code_span, fenced, visible
from vtm.queries.aar import AfterAction
from vtm.queries.aar_sheet import Fact, Section, value_at
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, moment

_MOST, _WIDEST = 12, 200
"""Lines of a quotation, and characters of each; the JSON has all of it."""


def lines(result: AfterAction, _: Terminal) -> Iterator[str]:
    """The period, then the four sections; one without facts is empty."""
    yield "# After-action review"
    yield ""
    yield _period(result)
    if result.unreadable:
        yield f"Lines of the journal that are no events: {', '.join(map(str, result.unreadable))}."
    for section in result.sections:
        yield ""
        yield f"## {section.title}"
        yield from _facts(result, section)


def _period(result: AfterAction) -> str:
    since = f" since {code_span(result.since)}" if result.since else ""
    happened = f"{counted(result.totals.events, 'event')}{since}"
    if result.start is None or result.end is None:
        return f"{happened}."
    return f"{happened}, from {moment(result.start)} to {moment(result.end)}."


def _facts(result: AfterAction, section: Section) -> Iterator[str]:
    for number, fact in enumerate(section.facts, 1):
        mark = f"{number}." if section.ordered else "-"
        if number == 1:
            yield ""
        yield f"{mark} {fact.text}"
        yield from _quotes(result, fact, " " * (len(mark) + 1))


def _quotes(result: AfterAction, fact: Fact, indent: str) -> Iterator[str]:
    """What others said, in a fence that it cannot close, within the item of the list."""
    for pointer in fact.quotes:
        said = value_at(result, pointer)
        text = visible(said if isinstance(said, str) else "\n".join(said)).strip("\n")
        rows = [row if len(row) <= _WIDEST else f"{row[:_WIDEST]}…" for row in text.split("\n")]
        shown = rows[:_MOST] + ([f"… {len(rows) - _MOST} more lines"] if len(rows) > _MOST else [])
        yield from (f"{indent}{row}" for row in fenced("\n".join(shown)).split("\n"))
