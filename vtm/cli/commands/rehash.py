"""`vtm rehash`."""

import click

from vtm.app.rehashing import rehash
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@answering()
def command(way: Way, dry_run: bool) -> ExitCode:
    """Write the hash of the tasks into manifest and state.

    It is for a manifest that was edited by hand: once you know that the recorded progress still fits,
    this says so. A manifest that carries no hash gets none. Nothing else changes.

    Example:
      vtm rehash --dry-run
      vtm rehash
    """
    way.show(rehash(way.app, dry_run=dry_run))
    return ExitCode.OK
