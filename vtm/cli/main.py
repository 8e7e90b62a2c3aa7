"""The command line as a whole: finds commands, maps errors to exit codes."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import click

from vtm import __version__
from vtm.cli import commands
from vtm.errors import ExitCode, VtmError


class Commands(click.Group):
    """Commands found by their file name and imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of all commands."""
        return sorted(each.name.replace("_", "-") for each in iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command with this name."""
        if not name.replace("-", "").isalpha() or not name.isascii():
            return None
        module = f"{commands.__name__}.{name.replace('-', '_')}"
        try:
            found: Any = import_module(module).command
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            return None
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` call; the nearest names are offered for one that does not exist."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415  only for a wrong name

            near = get_close_matches(name, self.list_commands(ctx), 3, 0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=".",
    help="Run as if started in DIR.",
)
@click.version_option(__version__, prog_name="vtm", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Run a backlog that coding agents and people work through together.

    \b
    Example:
      vtm next --json      the task to start now
      vtm validate         what is wrong with the backlog
    """  # noqa: D301  \b is click's mark for a block that is not wrapped
    if not folder.is_dir():
        raise click.BadParameter(f"{str(folder)!r} is not a directory.", ctx, param_hint="-C")
    ctx.obj = folder


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but a bug in Python itself escapes."""
    try:
        done = main.main(list(arguments), prog_name="vtm", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except (click.ClickException, VtmError) as error:
        from vtm.cli.failure import report  # noqa: PLC0415  only when something is wrong

        return report(error, arguments)
    except Exception as error:  # noqa: BLE001  the one place that turns a bug into exit 70
        from vtm.cli.failure import report_bug  # noqa: PLC0415  only when something is wrong

        return report_bug(error, arguments)
    return int(done or 0)
