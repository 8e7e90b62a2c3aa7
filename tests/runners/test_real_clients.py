"""Real clients, started by their runners and kept like any agent."""

import asyncio
import os

import pytest

from tests.integrations import claude_code, opencode
from tests.integrations.fake_model import Call, FakeModel, Say, serving
from vtm.errors import WrongUsageError
from vtm.model.agent_settings import Program
from vtm.ports.agents import Job
from vtm.runners import keeping
from vtm.runners.choosing import runner_named
from vtm.runners.keeping import Limits

pytestmark = pytest.mark.clients
CLIENTS = {"claude": claude_code, "opencode": opencode}
PROMPT = "--odd\n" + "A long task. " * 10_000
DEFINITIONS = {
    "claude": (
        ".claude/agents/careful.md",
        "---\nname: careful\ndescription: Works with care.\n---\nBe slow.\n",
    ),
    "opencode": (
        ".opencode/agents/careful.md",
        "---\ndescription: Works with care.\nmode: primary\n---\nBe slow.\n",
    ),
}


@pytest.fixture(params=CLIENTS)
def client(request, agent, tmp_path, monkeypatch):
    """Name and runner of a client, and a model that lets it write a file and say something."""
    module = CLIENTS[request.param]
    path, text = DEFINITIONS[request.param]
    (agent.folder / path).parent.mkdir(parents=True)
    (agent.folder / path).write_text(text, "utf-8")
    if module is opencode:
        opencode.spare_installing(agent.folder / ".opencode")
    tongue = module.TONGUE
    wanted = {tongue.path: str(agent.folder / "new.txt"), "content": "hello"}
    model = FakeModel([Call(tongue.write, wanted), Say("First line.\n\nLast line.")])
    with serving(model) as url:
        home = tmp_path / "home"
        known = {"trusted": [agent.folder]} if module is claude_code else {}
        environment = module.surroundings(home, url, **known)
        for name in set(os.environ) - set(environment):
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        runner = runner_named(request.param, {request.param: Program((str(module.program()),))})
        yield request.param, runner, model


def test_a_client_does_what_it_is_told_and_is_understood(client, agent):
    name, runner, model = client
    folder = str(agent.folder)
    runner.check(folder, "careful")
    command = runner.command(Job("A--T01:1", "A--T01", PROMPT, folder, "careful"))
    keeping.launch(agent.place, command, agent.folder, Limits(timeout=200))
    ending = asyncio.run(agent.over())
    assert ending.exit_code == 0, agent.lines[-5:]
    assert runner.said(agent.lines).endswith("First line.\n\nLast line.")
    assert (agent.folder / "new.txt").read_text("utf-8") == "hello"
    told = str(model.conversation)
    assert PROMPT.strip().replace("\n", "\\n") in told
    assert "Be slow." in told
    if name == "opencode":
        with pytest.raises(WrongUsageError, match="is not defined in OpenCode"):
            runner.check(folder, "carefull")
