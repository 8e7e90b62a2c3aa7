"""`vtm schema`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.catalogue import SchemaList
from vtm.rendering.render import Terminal, as_json
from vtm.sources.schemas import schema_named, schema_titles


@click.command()
@click.argument("name", metavar="[NAME]", default="")
@answering()
def command(way: Way, name: str) -> ExitCode:
    """Print the JSON Schema of a file or an answer.

    Without NAME, list them.

    Example:
      vtm schema
      vtm schema next
      vtm schema virtual-task-manifest > manifest.schema.json
    """
    if name:
        way.write(as_json(schema_named(name), Terminal(interactive=True)))
    else:
        way.show(SchemaList(schema_titles()))
    return ExitCode.OK
