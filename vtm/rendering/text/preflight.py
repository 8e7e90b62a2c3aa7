"""`vtm preflight` as text."""

from collections.abc import Iterator

from vtm.queries.preflight import Preflight
from vtm.rendering.render import Terminal


def lines(result: Preflight, _: Terminal) -> Iterator[str]:
    """One line for each check, then the verdict."""
    widest = max(len(check.name) for check in result.checks)
    for check in result.checks:
        more = f" and {len(check.codes) - 3} more" if len(check.codes) > 3 else ""
        codes = f"{', '.join(check.codes[:3])}{more}: " if check.codes else ""
        yield f"{check.step:>2}  {check.name:<{widest}}  {check.result:<7}  {codes}{check.message}"
    yield (
        "Work may begin."
        if result.ok
        else "Work must not begin; `vtm validate` and `vtm explain CODE` tell more."
    )
