"""`vtm schema`."""

import click
import msgspec

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.catalogue import SchemaList
from vtm.sources.schemas import schema_named, schema_titles


@click.command()
@click.argument("name", default="")
@answering()
def command(way: Way, name: str) -> ExitCode:
    """Print a JSON Schema of a file or an answer; without NAME, list them.

    \b
    Example:
      vtm schema
      vtm schema next
      vtm schema virtual-task-manifest > manifest.schema.json
    """  # noqa: D301
    if name:
        way.write(msgspec.json.format(msgspec.json.encode(schema_named(name)), indent=2).decode())
    else:
        way.show(SchemaList(schema_titles()))
    return ExitCode.OK
