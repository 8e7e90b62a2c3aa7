"""`vtm rules`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.catalogue import rule_list
from vtm.rules.registry import rules


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """List all codes with what each of them means.

    Example:
      vtm rules
      vtm rules --json
    """
    way.show(rule_list(rules()))
    return ExitCode.OK
