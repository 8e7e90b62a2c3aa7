"""`vtm mcp` and the protocol's inspector on the command line, each call of which is a server of its own."""

import json
import subprocess

import pytest

from tests.cli.processes import COMMAND, environment
from tests.integrations.mcp_clients import checked
from tests.integrations.npm import node_program
from tests.projects import put, task, write
from tests.state.projects import assert_sound, events, state

pytestmark = pytest.mark.clients


@pytest.fixture(scope="session")
def inspector():
    """The program, installed once."""
    return node_program("@modelcontextprotocol/inspector", "0.15", "mcp-inspector")


@pytest.fixture
def ask(inspector, tmp_path):
    """Ask a server something; options are those of the inspector."""
    program, *arguments = COMMAND
    server = {"command": program, "args": [*arguments, "mcp"]}
    config = put(tmp_path, "client/config.json", json.dumps({"mcpServers": {"vtm": server}}))

    def asked(method, *options):
        done = subprocess.run(
            [inspector, "--cli", "--config", config, "--server", "vtm", "--method", method, *options],
            cwd=tmp_path / "shop",
            env=environment(VTM_AGENT=None, VTM_SESSION=None, VTM_EPOCH=None),
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return asked


@pytest.fixture
def shop(tmp_path):
    put(tmp_path / "shop", "tests/test_a.py", "")
    return write(tmp_path / "shop", [task("A--T01"), task("A--T02")], {})


def test_from_claim_to_completion(ask, shop):
    def use(tool, **given):
        options = [option for name, value in given.items() for option in ("--tool-arg", f"{name}={value}")]
        result = ask("tools/call", "--tool-name", tool, *options)
        assert not result.get("isError"), result
        return checked(result["structuredContent"])

    assert len(ask("tools/list")["tools"]) <= 7
    claimed = use("vtm_claim", task="A--T01")
    lease = {"task": "A--T01", "epoch": claimed["epoch"]}
    assert claimed["agent"] == "inspector-cli"
    use("vtm_update", **lease, action="met", criteria='["AC01"]')
    done = use("vtm_complete", **lease, tests_passed=3, covers='{"AC01": ["tests/test_a.py"]}')
    assert done["to"] == state(shop)["A--T01"]["status"] == "completed"
    assert [each["event"] for each in events(shop)] == ["start", "meet", "complete"]
    assert_sound(shop)


def test_a_refusal_can_be_acted_on(ask, shop):
    result = ask("tools/call", "--tool-name", "vtm_complete", "--tool-arg", "task=A--T03")
    assert result["isError"]
    assert checked(result["structuredContent"])["code"] == "UNKNOWN-TASK"
    assert "fix: did you mean" in result["content"][0]["text"]


def test_resources(ask, shop):
    listed = [each["uri"] for each in ask("resources/list")["resources"]]
    assert listed == ["vtm://pulse", "vtm://tasks", "vtm://task/A--T01", "vtm://task/A--T02"]
    (part,) = ask("resources/read", "--uri", "vtm://task/A--T02")["contents"]
    assert checked(json.loads(part["text"]))["task_id"] == "A--T02"


def test_prompts(ask, shop):
    assert "task-implementer" in {each["name"] for each in ask("prompts/list")["prompts"]}
    options = ("--prompt-name", "task-implementer", "--prompt-args", "task=A--T02")
    (message,) = ask("prompts/get", *options)["messages"]
    assert "A--T02" in message["content"]["text"]
