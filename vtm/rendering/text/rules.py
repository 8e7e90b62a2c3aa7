"""`vtm rules` as text."""

from collections.abc import Iterator

from vtm.queries.catalogue import RuleList
from vtm.rendering.render import Terminal


def lines(result: RuleList, _: Terminal) -> Iterator[str]:
    """One line for each rule."""
    widest = max(len(rule.code) for rule in result.rules)
    for rule in result.rules:
        stops = "stops start" if rule.blocking else ""
        yield f"{rule.code:<{widest}}  {rule.severity:<7}  {stops:<11}  {rule.summary}"
    yield f"{result.total} rules; `vtm explain CODE` tells more of one"
