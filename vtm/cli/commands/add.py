"""`vtm add`."""

from enum import StrEnum
from typing import Any

import click

from vtm.app.adding import add
from vtm.app.wanted import Wanted
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said
from vtm.errors import ExitCode
from vtm.model.status import Grade, Impact, Scope


class One(click.ParamType[Any]):
    """One value of a kind, in any letter case."""

    def __init__(self, kind: type[StrEnum]) -> None:
        self.kind = kind
        self.name = kind.__name__.casefold()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a value."""
        found = next((each for each in self.kind if each.casefold() == str(value).strip().casefold()), None)
        known = ", ".join(self.kind)
        return found or self.fail(f"{value!r} is no {self.name}; it can be {known}.", param, ctx)


@click.command()
@click.argument("task_id", metavar="ID")
@click.option("--title", type=Said(), metavar="TEXT", help="What it is.")
@click.option("--name", type=Said(), metavar="TEXT", help="The same; a Markdown file calls it name, too.")
@click.option("--depends-on", multiple=True, metavar="TASK", help="Id of a task to be done before it.")
@click.option("--scope", type=One(Scope), metavar="SCOPE", help=f"How much it touches: {', '.join(Scope)}.")
@click.option("--risk", type=One(Grade), metavar="RISK", help=f"How risky it is: {', '.join(Grade)}.")
@click.option(
    "--impact", type=One(Impact), metavar="IMPACT", help=f"How far it reaches: {', '.join(Impact)}."
)
@click.option("--phase", type=Said(), metavar="PHASE", help="Its phase, such as Phase 1.")
@click.option("--slice", type=Said(), metavar="SLICE", help="Its slice.")
@click.option(
    "--criterion", "criteria", type=Said(), multiple=True, metavar="TEXT", help="What must hold; repeatable."
)
@click.option("--to", type=click.Choice(["manifest", "markdown"]), help="Where both declare tasks: which.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@answering()
def command(way: Way, title: str | None, name: str | None, to: Any, dry_run: bool, **fields: Any) -> ExitCode:
    """Add a task to the manifest, or as a Markdown file.

    It becomes tasks/ID.md where tasks are Markdown or there is no backlog yet; ID may hold / for folders.
    Exit code 1: it would break the structure of the backlog, and nothing was written. What else it lacks,
    such as criteria, is shown.

    Example:
      vtm add SHOP--T07 --title "Print a receipt" --risk low
      vtm add auth/reset --name "Reset a password" --depends-on AUTH--T02 --to markdown
    """
    if (title is None) == (name is None):
        raise click.UsageError("Say either --title TEXT or --name TEXT.")
    wanted = Wanted(title=title or name or "", title_key="name" if name else "title", **fields)
    answer = add(way.app, wanted, to=to, apply=not dry_run)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
