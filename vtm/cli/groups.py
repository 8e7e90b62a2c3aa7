"""Groups of commands."""

from importlib import import_module
from types import ModuleType
from typing import Any

import click

from vtm.cli import commands
from vtm.cli.help import help_text

_AROUND = 6
"""Columns of a line of help that are left free."""


class Group(click.Group):
    """A group that offers the nearest names for a command that does not exist."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.help = help_text(self.help)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` call."""
        name = args[0]
        exists = self.get_command(ctx, name) is not None
        if not exists and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415  2 ms, only for a wrong name

            near = get_close_matches(name, self.list_commands(ctx), 3, 0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


class Commands(Group):
    """Commands of a package, found by their file name and imported when called."""

    def __init__(self, *arguments: Any, package: ModuleType = commands, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it over
        """Names of all commands."""
        from pkgutil import iter_modules  # noqa: PLC0415  1 ms, only for help and wrong names

        return sorted(each.name.replace("_", "-") for each in iter_modules(self._package.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002  click hands it over
        """The command with this name."""
        if not name.replace("-", "").isalpha() or not name.isascii():
            return None
        module = f"{self._package.__name__}.{name.replace('-', '_')}"
        try:
            found: Any = import_module(module).command
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            return None
        return found if isinstance(found, click.Command) else None


class Sections(Commands):
    """The same, with help under a heading for each section; commands that are in none come last."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does."""
        from vtm.cli.sections import SECTIONS  # noqa: PLC0415  only for help

        names = self.list_commands(ctx)
        width = max(map(len, names))
        limit = formatter.width - width - _AROUND
        rest = [name for name in names if not any(name in each for each in SECTIONS.values())]
        for heading, section in [*SECTIONS.items(), ("Others", rest)]:
            found = ((name, self.get_command(ctx, name)) for name in section)
            rows = [(name.ljust(width), each.get_short_help_str(limit)) for name, each in found if each]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
