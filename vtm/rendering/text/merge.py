"""`vtm merge` as text."""

from collections.abc import Iterator

from vtm.queries.merged import Brought, Merged
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines

_SHORT = 12


def lines(result: Merged, _: Terminal) -> Iterator[str]:
    """What became of each task, those that need somebody last."""
    would = "Would be " if result.dry_run else ""
    for each in result.merged:
        yield f"{_said(would, 'merged')}  {each.task_id}  {each.title}".rstrip()
        yield from _merged_lines(each, result.main)
    for each in result.already:
        what = f"{result.main} has all of {each.branch}" if each.head else f"its commit is on {result.main}"
        yield f"Nothing to merge  {each.task_id}  {what}"
    for each in result.handed_back:
        yield f"{_said(would, 'handed back')}  {each.task_id}  {each.title}".rstrip()
        yield from _reason_lines(each)
    for each in result.held_up:
        yield f"Held up  {each.task_id}  {each.title}".rstrip()
        yield from _reason_lines(each)
    if not (result.merged or result.already or result.handed_back or result.held_up):
        yield "Nothing is ready to be merged."
    if result.pushed:
        yield f"Pushed {result.main} to {result.pushed}."
    if result.push_failed:
        yield f"{result.main} was not pushed: {result.push_failed}"


def _said(would: str, what: str) -> str:
    return f"{would}{what}" if would else what.capitalize()


def _merged_lines(each: Brought, main: str) -> Iterator[str]:
    if each.commit:
        yield f"  {each.branch} is in {main} with {each.commit[:_SHORT]}"
    if each.recorded and not each.head.startswith(each.recorded.lower()):
        yield f"  with what was committed after {each.recorded[:_SHORT]}, which was recorded for it"
    yield from finding_lines(each.findings)


def _reason_lines(each: Brought) -> Iterator[str]:
    yield f"  {each.code}: {each.reason}"
    yield from (f"    | {line}" for line in each.output.splitlines())
    yield f"  fix: {each.fix}"
