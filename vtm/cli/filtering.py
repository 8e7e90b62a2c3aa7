"""Options that choose tasks."""

from collections.abc import Callable
from typing import Any

import click

from vtm.model.status import Risk


class RiskType(click.ParamType[Any]):
    """A risk, in any letter case."""

    name = "risk"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Risk:
        """Read a risk."""
        found = next((risk for risk in Risk if risk.casefold() == str(value).casefold()), None)
        return found or self.fail(f"{value!r} is no risk; it can be {', '.join(Risk)}.", param, ctx)


def filtering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--phase`, `--slice` and `--risk`."""
    for option in (
        click.option("--risk", type=RiskType(), metavar="RISK", help="Only High, Medium or Low."),
        click.option("--slice", "slice_", default="", metavar="SLICE", help="Only this slice, such as 1.1."),
        click.option("--phase", default="", metavar="PHASE", help="Only this phase, such as 1."),
    ):
        function = option(function)
    return function
