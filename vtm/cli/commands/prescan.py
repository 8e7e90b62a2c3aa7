"""`vtm prescan`."""

import click

from vtm.app.prescanning import prescan
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.model.naming import task_named


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("files", metavar="[FILE...]", nargs=-1)
@budgeting
@answering()
def command(way: Way, task_id: str, files: tuple[str, ...], budget: int | None) -> ExitCode:
    """Look for what a worker will stumble on in design documents.

    Fonts that not every system has, assets that are not there, addresses outside. Without FILE these are the
    documents that TASK refers to. [prescan] in vtm.toml may have more patterns, what is allowed, and what to
    use in place of what is found.

    Example:
      vtm prescan AUTH--T03
      vtm prescan AUTH--T03 docs/specs/shop.md --json
    """
    task = task_named(way.app.backlog, task_id)
    way.show(cut(prescan(way.app, task, [way.folder / each for each in files]), budget, "obstacles"))
    return ExitCode.OK
