"""`vtm hook pre-tool-use`."""

import click

from vtm.cli.hosted import hosted


@click.command()
@hosted("pre-tool-use")
def command() -> None:
    """Look at an edit before an agent makes it.

    The event comes as JSON on standard input. An edit outside the file scope of the task that the session
    works on is warned of, or refused, see [hooks] scope. Silent where there is nothing to say: no such task,
    no scope, a file outside the project.

    Example:
      vtm hook pre-tool-use < event.json
    """
