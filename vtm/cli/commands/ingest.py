"""`vtm ingest`."""

import click

from vtm.app.ingesting import ingest, read_input
from vtm.app.rolling_back import roll_back
from vtm.cli.answering import Way, answering
from vtm.cli.stdin import STDIN, read_stdin
from vtm.errors import ExitCode
from vtm.sources.proposals import Proposals, read_proposals


@click.command()
@click.argument("file", required=False)
@click.option("--apply/--dry-run", help="Write it; without this, it is only shown.")
@click.option("--rollback", metavar="ID", help="Take out the tasks of this transaction again.")
@answering()
def command(way: Way, file: str | None, apply: bool, rollback: str | None) -> ExitCode:
    """Take proposed tasks into the backlog, all or none.

    FILE is a JSON list of tasks, or an object with a list `tasks`; - reads standard input. A task without
    task_id gets the next number of its capability_id, and a criterion without id the next one of its task.
    A dependency is an id, or the position of another proposal in the list, from 0.
    Exit code 1: with them the backlog would have an error that it does not have now.

    Example:
      vtm ingest proposals.json
      vtm ingest proposals.json --apply
    """
    if (file is None) == (rollback is None):
        raise click.UsageError("Name either FILE (- for standard input) or --rollback ID.")
    if rollback is not None:
        way.show(roll_back(way.app, rollback, apply=apply))
        return ExitCode.OK
    answer = ingest(way.app, _read(way, file or ""), apply=apply)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO


def _read(way: Way, file: str) -> Proposals:
    if file != "-":
        return read_input(way.folder, file)
    return read_proposals(read_stdin(), STDIN)
