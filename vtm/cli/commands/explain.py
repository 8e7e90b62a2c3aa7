"""`vtm explain`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode, WrongUsageError
from vtm.queries.catalogue import explanation
from vtm.rules.registry import known


@click.command()
@click.argument("code", metavar="CODE")
@answering()
def command(way: Way, code: str) -> ExitCode:
    """Explain what a code means and what to do about it.

    CODE may be as a finding prints it, with a task's id, or just its name.

    Example:
      vtm explain BLOCKED::EMPTY-AC
      vtm explain stale-task
    """
    found = known(code)
    if len(found) > 1:
        raise WrongUsageError(
            f"{code} is {len(found)} codes", code="UNKNOWN-CODE", fix="name one: `vtm rules` lists them"
        )
    way.show(explanation(found[0]))
    return ExitCode.OK
