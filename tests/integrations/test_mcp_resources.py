"""What clients of `vtm mcp` can read without a tool."""

import json
from urllib.parse import quote

import pytest
from mcp import MCPError

from tests.integrations.mcp_clients import MODES, checked, talk
from tests.projects import HOSTILE_ID, sample, task, write
from tests.repositories import vtm


def read(root, uri, **options):
    """The JSON that a resource holds, checked."""

    async def script(client):
        return await client.read_resource(uri)

    (part,) = talk(root, script, **options).contents
    assert (part.uri, part.mime_type) == (uri, "application/json")
    return checked(json.loads(part.text))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("uri", "command"),
    [("vtm://tasks", ["list"]), ("vtm://task/AUTH--T02", ["show", "AUTH--T02"])],
    ids=["tasks", "task"],
)
def test_resource_is_the_answer_of_a_command(uri, command, mode, tmp_path):
    root = sample(tmp_path)
    assert read(root, uri, mode=mode) == vtm(root, *command, "--json").json


def test_pulse(tmp_path):
    root = sample(tmp_path)
    assert read(root, "vtm://pulse")["tasks"] == vtm(root, "pulse", "--json").json["tasks"]


def test_an_id_is_escaped(tmp_path):
    uri = f"vtm://task/{quote(HOSTILE_ID, safe='')}"
    assert read(write(tmp_path, [task(HOSTILE_ID)]), uri)["task_id"] == HOSTILE_ID


def test_all_tasks_are_listed_in_pages(tmp_path):
    root = write(tmp_path, [task(f"A--T{each:03}") for each in range(250)])

    async def script(client):
        pages, cursor = [], None
        while not pages or cursor:
            pages.append(await client.list_resources(cursor=cursor))
            cursor = pages[-1].next_cursor
        return pages, await client.list_resource_templates()

    pages, templates = talk(root, script)
    found = [each.uri for page in pages for each in page.resources]
    assert found == ["vtm://pulse", "vtm://tasks", *(f"vtm://task/A--T{each:03}" for each in range(250))]
    assert [len(page.resources) for page in pages] == [102, 100, 50]
    assert [each.uri_template for each in templates.resource_templates] == ["vtm://task/{id}"]


def test_a_long_list_is_cut_and_says_so(tmp_path):
    found = read(write(tmp_path, [task(f"A--T{each:04}") for each in range(2000)]), "vtm://tasks")
    assert (found["total"], found["truncated"]) == (2000, True)
    assert 0 < found["returned"] == len(found["tasks"]) < 2000


UNKNOWN = {
    "task": ("vtm://task/AUTH--T2", "UNKNOWN-TASK"),
    "resource": ("vtm://nope", "UNKNOWN-RESOURCE"),
    "another scheme": ("file:///etc/passwd", "UNKNOWN-RESOURCE"),
    "bytes that are no text": ("vtm://task/%FF%00", "UNKNOWN-TASK"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("uri", "code"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(uri, code, mode, tmp_path):
    async def script(client):
        with pytest.raises(MCPError, match="fix: ") as raised:
            await client.read_resource(uri)
        return raised.value

    error = talk(sample(tmp_path), script, mode=mode)
    assert (error.code, checked(error.data)["code"]) == (-32602, code)


@pytest.mark.parametrize("cursor", ["-1", "0", "99999", "x", ""])
def test_unknown_page(cursor, tmp_path):
    async def script(client):
        with pytest.raises(MCPError, match="begin without a cursor"):
            await client.list_resources(cursor=cursor)

    talk(sample(tmp_path), script)
