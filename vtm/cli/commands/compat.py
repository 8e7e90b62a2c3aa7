"""`vtm compat`."""

from pathlib import Path
from typing import Any

import click

from vtm.cli.answering import Way, answering
from vtm.cli.groups import Group
from vtm.cli.help import helped
from vtm.errors import ExitCode
from vtm.queries.compat import VtmStatus
from vtm.rendering.render import Terminal, as_json
from vtm.sources.decoder import MalformedError, parse
from vtm.sources.files import Missing, read_bytes


class Unloadable(Exception):  # noqa: N818  the word that the script uses
    """A file cannot be loaded; the message is the one the script prints."""


@click.group(cls=Group)
@helped
def command() -> None:
    """Answer like tools that came before vtm.

    Example:
      vtm compat vtm-status --next
    """


@command.command("vtm-status")
@click.option("--next", "question", flag_value="next", help="The next eligible task.")
@click.option("--blocked", "question", flag_value="blocked", help="What is blocked or waits.")
@click.option("--dashboard", "question", flag_value="dashboard", help="Progress and counts.")
@click.option("--status", "question", flag_value="status", help="By phase, slice and risk.")
@answering()
def vtm_status(way: Way, question: str | None) -> ExitCode:
    """Print the JSON values of vtm-status.mjs, with its exit codes.

    It reads statuses as they are written and counts as that script counts; `vtm next`, `blocked`, `pulse` and
    `status` are the better answers. Without an option it is the dashboard, as there.

    Example:
      vtm compat vtm-status --next
      vtm compat vtm-status --dashboard
    """
    root, paths = way.app.project.root, way.app.settings.paths
    files = root / paths.manifest, root / paths.state
    try:
        script = VtmStatus(*map(_load, files))
        answer, code = getattr(script, question or "dashboard")()
    except (Unloadable, KeyError, TypeError, AttributeError) as error:
        what = str(error) if isinstance(error, Unloadable) else f"unexpected shape: {error}"
        answer, code = _failure(what, *files), 1
    way.write(as_json(answer, Terminal(interactive=True)))
    return ExitCode(code)


def _load(path: Path) -> Any:
    data = read_bytes(path, path.as_posix())
    if isinstance(data, Missing):
        raise Unloadable(f"ENOENT: no such file or directory, open '{path}'")
    if not isinstance(data, bytes):
        raise Unloadable(data.message)
    try:
        return parse(data)
    except MalformedError as error:
        raise Unloadable(f"{path} {error.args[0].message}") from None


def _failure(what: str, manifest: Path, state: Path) -> dict[str, str]:
    return {
        "error": f"Failed to load VTM or state files: {what}",
        "vtm_path": str(manifest),
        "state_path": str(state),
    }
