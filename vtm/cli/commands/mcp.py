"""`vtm mcp`."""

import os

import click

from vtm.cli.answering import Way, answering
from vtm.cli.recording import SESSIONS, Said
from vtm.errors import ExitCode, WrongUsageError
from vtm.model.facts import Caller

_SDK = {"anyio", "mcp", "mcp_types"}
"""What comes with the extra and is imported from there."""


@click.command()
@click.option("--agent", type=Said(), envvar="VTM_AGENT", metavar="NAME", help="Who the client is.")
@click.option("--session", type=Said(), envvar=SESSIONS, metavar="ID", help="Session of the client.")
@click.option(
    "--epoch",
    type=click.IntRange(min=0),
    envvar="VTM_EPOCH",
    metavar="N",
    help="Epoch of a lease that it holds already (or VTM_EPOCH).",
)
@answering()
def command(way: Way, agent: str | None, session: str | None, epoch: int | None) -> ExitCode:
    """Serve a client that speaks the Model Context Protocol.

    It speaks over standard input and output, and ends when the client closes them. The client starts it
    itself; `pip install 'vtm[mcp]'` installs what it needs. Without --agent, the client's own name counts.

    Example:
      claude mcp add vtm -- vtm mcp
      npx @modelcontextprotocol/inspector vtm mcp
    """
    try:
        from vtm.integrations.mcp.serving import serve  # noqa: PLC0415  the SDK: 900 ms
        from vtm.integrations.mcp.session import Session  # noqa: PLC0415  comes with it
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _SDK:
            raise
        raise WrongUsageError(
            "the SDK of the protocol is not installed, or is too old",
            code="MISSING-EXTRA",
            fix="pip install 'vtm[mcp]'",
        ) from None
    user = os.environ.get("USER") or os.environ.get("USERNAME") or ""
    user = user.encode("utf-8", "backslashreplace").decode()
    serve(Session(way.folder, way.app.fixed_now, Caller(agent or "", session or "", epoch, user)))
    return ExitCode.OK
