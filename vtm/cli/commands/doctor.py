"""`vtm doctor`."""

import click

from vtm.app.doctoring import doctor
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--fix", is_flag=True, help="Mend what can be mended.")
@answering()
def command(way: Way, fix: bool) -> ExitCode:
    """Find what is out of order, and mend it.

    State and journal that do not fit, leases that nobody can use, a damaged database, temporary files.
    Leases that are not over are left alone. Exit code 1: something is out of order, and was not mended.

    Example:
      vtm doctor
      vtm doctor --fix
    """
    answer, notices = doctor(way.app, fix=fix)
    way.tell(notices)
    way.show(answer)
    return ExitCode.OK if answer.sound else ExitCode.NO
