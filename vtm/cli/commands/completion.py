"""`vtm completion`."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from vtm.cli.answering import Way, answering
from vtm.cli.main import main
from vtm.errors import ExitCode
from vtm.queries.catalogue import Completion

_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command()
@click.argument("shell", metavar="SHELL", type=click.Choice(list(_SHELLS)))
@answering()
def command(way: Way, shell: str) -> ExitCode:
    """Print a completion script for SHELL: bash, zsh or fish.

    Example:
      vtm completion bash >> ~/.bashrc
      vtm completion zsh > ~/.zfunc/_vtm
      vtm completion fish > ~/.config/fish/completions/vtm.fish
    """
    script = _SHELLS[shell](main, {}, "vtm", "_VTM_COMPLETE").source()
    if way.format == "json":
        way.show(Completion(shell, script))
    else:
        way.write(script.rstrip("\n"))
    return ExitCode.OK
