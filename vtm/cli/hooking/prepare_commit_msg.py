"""`vtm hook prepare-commit-msg`."""

import click

from vtm.app.commit_scaffolding import message_prepared
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("file")
@click.argument("source", default="")
@click.argument("commit", metavar="[SHA]", default="")
@answering()
def command(way: Way, file: str, source: str, commit: str) -> ExitCode:  # noqa: ARG001  git hands it over
    """Fill in the message for the next open criterion.

    It does so on the branch of a task, where FILE holds nothing but comments. With SOURCE, which
    git gives where it has a message from elsewhere, nothing is done. It never keeps a commit from being made.
    `vtm init --git` installs it.

    Example:
      vtm hook prepare-commit-msg .git/COMMIT_EDITMSG
    """
    answer = message_prepared(way.app, way.folder, way.folder / file, source)
    if way.format == "json":
        way.show(answer)
    way.tell([f"no message was filled in: {answer.note}"] if answer.note else [])
    return ExitCode.OK
