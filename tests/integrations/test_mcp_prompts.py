"""Templates of prompts, as clients of `vtm mcp` get them."""

import pytest
from mcp import MCPError
from mcp.types import Implementation

from tests.integrations.mcp_clients import MODES, checked, talk
from tests.projects import put, sample
from tests.repositories import vtm


def listed(root):
    async def script(client):
        return await client.list_prompts()

    return {each.name: each for each in talk(root, script).prompts}


def rendered(root, template, given, **options):
    """The text of a prompt."""

    async def script(client):
        return await client.get_prompt(template, given)

    (message,) = talk(root, script, **options).messages
    assert message.role == "user"
    return message.content.text


def test_each_template_is_a_prompt(tmp_path):
    root = sample(tmp_path)
    put(root, ".vtm/templates/mine.md.j2", "Do {{ task.id }}.\n")
    put(root, ".vtm/templates/broken.md.j2", "x" * 300_000)
    found = listed(root)
    templates = vtm(root, "prompt", "--list", "--json").json["templates"]
    assert set(found) == {each["name"] for each in templates} - {"broken"}
    for each in found.values():
        assert [(one.name, one.required) for one in each.arguments] == [("task", True), ("budget", False)]
    assert rendered(root, "mine", {"task": "AUTH--T02"}).strip() == "Do AUTH--T02."


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("name", "given", "options"),
    [
        ("task-implementer", {"task": "AUTH--T02"}, ["AUTH--T02"]),
        ("handoff", {"task": "AUTH--T02", "budget": "20000"}, ["AUTH--T02", "--budget", "20000"]),
        ("batch-coordinator", {"task": "MAIL--T01, AUTH--T03"}, ["MAIL--T01", "AUTH--T03"]),
    ],
    ids=["usual", "budget", "several"],
)
def test_prompt_is_what_the_command_prints(name, given, options, mode, tmp_path):
    root = sample(tmp_path)
    printed = vtm(root, "prompt", *options, "--template", name, "--json")
    assert rendered(root, name, given, mode=mode) == printed.json["text"]


@pytest.mark.parametrize(
    ("client", "audience"), [("claude-code", "claude"), ("opencode", "opencode"), ("mcp", "plain")]
)
def test_a_known_client_reads_of_its_own_tools(client, audience, tmp_path):
    root = sample(tmp_path)
    printed = vtm(root, "prompt", "AUTH--T02", "--for", audience, "--json").json["text"]
    name = Implementation(name=client, version="1")
    assert rendered(root, "task-implementer", {"task": "AUTH--T02"}, name=name) == printed


UNKNOWN = {
    "template": ("task-implementr", {"task": "AUTH--T02"}, "UNKNOWN-TEMPLATE"),
    "task": ("task-implementer", {"task": "AUTH--T2"}, "UNKNOWN-TASK"),
    "no task": ("task-implementer", {}, "USAGE"),
    "no task of several": ("batch-coordinator", {"task": " , "}, "UNKNOWN-TASK"),
    "argument": ("task-implementer", {"task": "AUTH--T02", "x": "1"}, "USAGE"),
    "budget": ("task-implementer", {"task": "AUTH--T02", "budget": "1"}, "BUDGET-TOO-SMALL"),
}


@pytest.mark.parametrize(("name", "given", "code"), UNKNOWN.values(), ids=UNKNOWN)
def test_refused(name, given, code, tmp_path):
    async def script(client):
        with pytest.raises(MCPError, match="fix: ") as raised:
            await client.get_prompt(name, given)
        return raised.value

    assert checked(talk(sample(tmp_path), script).data)["code"] == code
