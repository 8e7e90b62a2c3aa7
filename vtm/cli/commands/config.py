"""`vtm config`."""

import os
from collections.abc import Iterator

import click

from vtm.app.app import App
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.choosing import choices
from vtm.queries.catalogue import AgentChoice, Config, Setting
from vtm.sources.setting_paths import NAME
from vtm.sources.settings import values


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Show every setting in force, and the agents they choose.

    Example:
      vtm config
      vtm config --json
    """
    agents = [AgentChoice(kind, risk, *who) for kind, risk, who in choices(way.app.settings.agents)]
    way.show(Config(way.app.project.root.as_posix(), list(_settings(way.app)), agents))
    return ExitCode.OK


def _settings(app: App) -> Iterator[Setting]:
    lines = app.setting_lines
    for key, value in values(app.settings):
        line = lines.get(key)
        yield Setting(key, value, f"{NAME}:{line}" if line else "default")
    yield from (
        Setting(name, os.environ[name], "environment")
        for name in ("VTM_FORMAT", "NO_COLOR")
        if os.environ.get(name)
    )
