"""`vtm init`."""

import click

from vtm.app.initialising import initialised, initialised_with_git
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.integrations.install.installing import client_names, installed, uninstalled


@click.command()
@click.option("--git", "with_git", is_flag=True, help="Also set up merging and hooks in git.")
@click.option(
    "--agent",
    "agents",
    type=click.Choice(client_names()),
    multiple=True,
    help="Instead, install agents, commands, hooks and the MCP server for this client; repeatable.",
)
@click.option("--remove", is_flag=True, help="With --agent: take back what it installed.")
@click.option("--dry-run", is_flag=True, help="With --agent: show what would be done; write nothing.")
@answering()
def command(way: Way, with_git: bool, agents: tuple[str, ...], remove: bool, dry_run: bool) -> ExitCode:
    """Make a project ready for vtm.

    It writes vtm.toml and the state file, and a starter backlog where there is none.
    Nothing that exists is changed; running it twice does nothing more.
    With --git, git learns to merge state and journal without loss. One hook keeps them off feature branches,
    two fill in and check the messages of commits on branches of tasks; a hook that is there stays as it is.
    With --agent, a client of agents learns to work with vtm: files of its own, marked blocks in AGENTS.md or
    CLAUDE.md, keys in its settings. What people wrote stays, and --remove gives back what was there before.

    Example:
      vtm init
      vtm init --git
      vtm init --agent claude --agent codex
      vtm -C my-project init
    """
    if not agents:
        if remove or dry_run:
            raise click.UsageError(f"{'--remove' if remove else '--dry-run'} needs --agent.")
        way.show(initialised_with_git(way.app) if with_git else initialised(way.app))
        return ExitCode.OK
    if with_git:
        raise click.UsageError("--git and --agent are two things; run one after the other.")
    way.show((uninstalled if remove else installed)(way.app, agents, dry_run=dry_run))
    return ExitCode.OK
