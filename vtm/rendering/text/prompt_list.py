"""`vtm prompt --list` as text."""

from collections.abc import Iterator

from vtm.queries.prompt import PromptList
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal


def lines(result: PromptList, _: Terminal) -> Iterator[str]:
    """One line for each template: its name, and where it comes from."""
    names = [one_line(each.name) for each in result.templates]
    widest = max(map(len, names), default=0)
    for name, each in zip(names, result.templates, strict=True):
        where = "built in" if each.built_in else each.path
        yield f"{name:<{widest}}  {where}" + (f": {each.problem}" if each.problem else "")
