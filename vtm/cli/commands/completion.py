"""`vtm completion`."""

import click
from click.shell_completion import get_completion_class

from vtm.cli.answering import Way, answering
from vtm.cli.main import main
from vtm.errors import ExitCode
from vtm.queries.catalogue import Completion

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@answering()
def command(way: Way, shell: str) -> ExitCode:
    """Print a completion script for a shell.

    \b
    Example:
      vtm completion bash >> ~/.bashrc
      vtm completion zsh > ~/.zfunc/_vtm
      vtm completion fish > ~/.config/fish/completions/vtm.fish
    """  # noqa: D301
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}.")
    script = kind(main, {}, "vtm", "_VTM_COMPLETE").source()
    if way.format == "json":
        way.show(Completion(shell, script))
    else:
        way.write(script.rstrip("\n"))
    return ExitCode.OK
