"""`vtm validate --fix` as text."""

from collections.abc import Iterator

from vtm.model.fixing import Fix
from vtm.queries.fixed import Fixed
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines, place
from vtm.rendering.text.wording import counted, listed


def lines(result: Fixed, _: Terminal) -> Iterator[str]:
    """The difference, what it mends, what is not mended, and the findings that stay."""
    for file in result.files:
        for line in file.diff.removesuffix("\n").split("\n"):
            yield line.removesuffix("\r")
    for fix in result.fixes:
        yield _line(fix)
    for each in result.held_back:
        yield f"{_line(each.fix)}; held back: {each.reason}"
    yield _count(result)
    if result.unsafe:
        yield f"{counted(result.unsafe, 'more fix', 'more fixes')} with --unsafe."
    if result.migratable:
        yield f"Left to `vtm migrate --apply`: {counted(result.migratable, 'value')} of the state."
    yield from finding_lines(result.findings)
    known = f", {result.baselined} known from the baseline" if result.baselined else ""
    when = "left" if result.applied or not result.fixes else "left then"
    yield f"{counted(result.errors, 'error')}, {counted(result.warnings, 'warning')} {when}{known}"


def _line(fix: Fix) -> str:
    unsafe = "" if fix.safe else " (unsafe)"
    return f"{place(fix.location)}: fix: {fix.code}: {fix.sentence}{unsafe}"


def _count(result: Fixed) -> str:
    count = counted(len(result.fixes), "fix", "fixes")
    if not result.fixes:
        return "There is nothing to fix."
    if result.applied:
        return f"{count} made; {listed([file.path for file in result.files])} written."
    return f"Nothing was written; --apply makes {count}."
