"""Clients of `vtm mcp`, through the protocol's own SDK: beside the server in one process, or over a pipe."""

import json
import sys
from contextlib import asynccontextmanager

import anyio
from jsonschema import Draft202012Validator, FormatChecker
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.cli.processes import environment
from tests.schemas.generate import FOLDER
from vtm.integrations.mcp.serving import Service
from vtm.integrations.mcp.session import Session
from vtm.model.facts import Caller

MODES = ["auto", "legacy"]
"""How a client begins: as the protocol has it now, or with the handshake that most clients still speak."""


def talk(root, script, *, mode="auto", caller=None, name=None, now=None):
    """What `script` makes of a client of a server in this process."""

    async def run():
        server = Service(Session(root, now, caller or Caller())).server()
        async with Client(server, mode=mode, client_info=name) as client:
            return await script(client)

    return anyio.run(run)


def served(root, *calls, **options):
    """The results of these calls, each a name and arguments, one after the other."""

    async def script(client):
        return [await client.call_tool(name, dict(given)) for name, given in calls]

    return talk(root, script, **options)


@asynccontextmanager
async def piped(root, mode="auto", env=None):
    """A client of a server that is a process of its own."""
    chosen = environment(VTM_AGENT=None, VTM_SESSION=None, VTM_EPOCH=None) | (env or {})
    server = StdioServerParameters(command=sys.executable, args=["-m", "vtm", "mcp"], cwd=root, env=chosen)
    async with Client(stdio_client(server), mode=mode) as client:
        yield client


def talk_over_pipe(root, script, **options):
    """What `script` makes of a client of a server that is a process of its own."""

    async def run():
        async with piped(root, **options) as client:
            return await script(client)

    return anyio.run(run)


def text(result):
    """All that a result says in words."""
    return "\n".join(part.text for part in result.content)


def answer(result):
    """The JSON of a result that is no failure, checked against the schema that is shipped."""
    assert not result.is_error, text(result)
    return checked(result.structured_content)


def failure(result):
    """The JSON of a failure, checked."""
    assert result.is_error, text(result)
    return checked(result.structured_content)


def checked(data):
    """An answer that follows the schema that it names."""
    name = data["schema"].removeprefix("vtm.").partition("/")[0]
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    return data


def compact(model):
    """What goes over the wire of a model of the SDK, as JSON without blanks."""
    return json.dumps(model.model_dump(by_alias=True, exclude_unset=True, mode="json"), separators=(",", ":"))
