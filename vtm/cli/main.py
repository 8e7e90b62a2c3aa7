"""The command line as a whole: where it starts, and what exit code each way of ending has."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from vtm import __version__
from vtm.cli.groups import Sections
from vtm.cli.help import helped
from vtm.cli.output import NobodyReadsError, OutputError, flush, open_streams
from vtm.errors import ExitCode, VtmError


class Start(NamedTuple):
    """What stood before the command.

    Attributes:
        folder: Where to run.
        json: Whether to answer with JSON.
    """

    folder: Path
    json: bool


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"vtm {__version__}")
        context.exit()


@click.group(cls=Sections)
@click.option("-C", "folder", metavar="DIR", default=".", help="Run as if started in DIR.")
@click.option("--json", "as_json_", is_flag=True, help="Answer with JSON; may also follow the command.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@helped
@click.pass_context
def main(ctx: click.Context, folder: str, as_json_: bool) -> None:
    """Run a backlog that coding agents and people work through together.

    Example:
      vtm next --json      the task to start now
      vtm validate         what is wrong with the backlog
    """
    try:
        usable = Path(folder).absolute().is_dir()
    except (OSError, ValueError):  # what it lies in cannot be searched, or the current folder was removed
        usable = False
    if not usable:
        raise click.BadParameter(f"{folder!r} is not a directory.", ctx, param_hint="-C")
    ctx.obj = Start(Path(folder), as_json_)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but a bug in Python itself escapes."""
    open_streams()
    try:
        return _answered(arguments)
    except NobodyReadsError:
        return ExitCode.OK
    except OutputError as error:
        from vtm.cli.failure import report  # noqa: PLC0415  only when something is wrong

        return report(error, as_json_=False)


def _answered(arguments: Sequence[str]) -> int:
    try:
        done = main.main(list(arguments), prog_name="vtm", standalone_mode=False)
        flush()
    except click.Abort:
        return 130
    except (NobodyReadsError, OutputError):
        raise
    except (click.ClickException, VtmError) as error:
        from vtm.cli.failure import report, wants_json  # noqa: PLC0415  only when something is wrong

        return report(error, as_json_=wants_json(arguments))
    except Exception as error:  # noqa: BLE001  the one place that turns a bug into exit 70
        from vtm.cli.failure import report_bug, wants_json  # noqa: PLC0415  only when something is wrong

        return report_bug(error, as_json_=wants_json(arguments))
    return int(done or 0)
