"""`vtm mcp`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.recording import calling
from vtm.errors import ExitCode, WrongUsageError
from vtm.model.facts import Caller

_SDK = {"anyio", "mcp", "mcp_types"}
"""What comes with the extra and is imported from there."""


@click.command()
@calling
@answering()
def command(way: Way, caller: Caller) -> ExitCode:
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
    serve(Session(way.folder, way.app.fixed_now, caller))
    return ExitCode.OK
