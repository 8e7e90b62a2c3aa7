"""`vtm mcp` as a process: how it begins and ends, who it serves at once, and what it needs."""

import json
import signal
import subprocess
import sys
from collections import Counter

import anyio
import pytest

from tests.cli.processes import COMMAND, ROOT, call, environment
from tests.integrations.mcp_clients import MODES, answer, piped, talk
from tests.projects import STATE, put
from tests.state.projects import assert_sound, events, many, state

HELLO = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "raw", "version": "1"},
    },
}


def shop(root, count):
    """Tasks that can all be claimed, with the tests that they list."""
    for each in range(5):
        put(root, f"tests/test_c{each}.py", "")
    return many(root, count)


class Raw:
    """A server, and a client that may say anything."""

    def __init__(self, root):
        self.process = subprocess.Popen(
            [*COMMAND, "mcp"],
            cwd=root,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.say(HELLO)
        assert self.hear()["result"]["serverInfo"]["name"] == "vtm"
        self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def say(self, message):
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def use(self, number, tool, **given):
        params = {"name": tool, "arguments": given}
        self.say({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params})

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def left(self):
        """What it had left to say, and how it ended."""
        out, err = self.process.communicate(timeout=60)
        return out, err, self.process.returncode


@pytest.fixture
def raw(tmp_path):
    begun = []

    def begin(root=tmp_path):
        begun.append(Raw(root))
        return begun[-1]

    yield begin
    for each in begun:
        each.process.kill()
        each.process.wait()
        for stream in (each.process.stdin, each.process.stdout, each.process.stderr):
            stream.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such shell")
def test_its_input_was_closed_from_the_start(tmp_path):
    line = ["sh", "-c", '"$@" <&-', "sh", *COMMAND, "mcp"]
    done = subprocess.run(line, cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="signals end a process at once there")


@SIGNALS
def test_it_ends_when_told(raw):
    server = raw()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(60) == 0
    assert server.left() == (b"", b"", 0)


def test_it_ends_when_its_client_dies_with_questions_open(tmp_path, raw):
    root = shop(tmp_path, 5)
    server = raw(root)
    for number in range(1, 20):
        server.use(number, "vtm_claim")
    server.process.stdout.close()
    server.process.stdin.close()
    assert server.process.wait(60) == 0
    assert server.process.stderr.read() == b""
    if (root / STATE).exists():
        assert_sound(root)


@SIGNALS
def test_it_ends_by_a_signal_only_between_two_changes(tmp_path, raw):
    root = shop(tmp_path, 5)
    server = raw(root)
    for number in range(1, 6):
        server.use(number, "vtm_claim")
    assert server.hear()["result"]["structuredContent"]["event"] == "start"
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(60) == 0
    assert_sound(root)


def test_noise_is_no_end_but_the_end_of_its_input_is(tmp_path, raw):
    server = raw(shop(tmp_path, 1))
    for noise in (
        b"not json",
        b"\xff\xfe\x00",
        b"{}",
        b"[]",
        b"null",
        b'{"jsonrpc":"2.0","id":9,"method":"x"}',
    ):
        server.say(noise)
    server.use(1, "vtm_next")
    heard = [server.hear()]
    while heard[-1].get("id") != 1:
        heard.append(server.hear())
    assert heard[-1]["result"]["structuredContent"]["next"]["task_id"] == "C0--T000"
    out, _, code = server.left()
    assert (out, code) == (b"", 0)


def test_what_is_printed_beside_is_no_part_of_what_it_says(tmp_path):
    """A hook of git's, or a library, may write to the descriptors of the process."""
    put(tmp_path, "noisy/sitecustomize.py", "import vtm.app.app as a, os\n" + NOISY)
    root = shop(tmp_path / "shop", 1)

    async def script():
        env = {"PYTHONPATH": f"{tmp_path / 'noisy'}:{ROOT}"}
        async with piped(root, env=env) as client:
            return await client.call_tool("vtm_next", {})

    assert answer(anyio.run(script))["next"]["task_id"] == "C0--T000"


NOISY = """
at = a.App.at.__func__
def noisy(cls, *given):
    print("noise"); os.write(1, b"more noise\\n"); os.system("echo noise of a child")
    return at(cls, *given)
a.App.at = classmethod(noisy)
"""


async def worked(client):
    """What a client claims and completes until nothing is left."""
    done = []
    while "task_id" in (claimed := answer(await client.call_tool("vtm_claim", {}))):
        name = claimed["task_id"]
        for tool, given in (
            ("vtm_update", {"action": "met", "criteria": ["AC01"]}),
            ("vtm_update", {"action": "note", "text": f"by {claimed['session']}"}),
            ("vtm_complete", {"tests_passed": 1}),
        ):
            answer(await client.call_tool(tool, {"task": name, **given}))
        done.append((name, claimed["session"]))
    return done


def assert_nothing_lost(root, done, count):
    assert len(done) == count
    assert Counter(each["event"] for each in events(root)) == dict.fromkeys(
        ("start", "meet", "note", "complete"), count
    )
    entries = state(root)
    assert {name: entry["status"] for name, entry in entries.items()} == dict.fromkeys(
        dict(done), "completed"
    )
    assert {name: entry["notes"] for name, entry in entries.items()} == {
        name: f"by {session}" for name, session in done
    }
    assert_sound(root)


def test_eight_clients_at_once(tmp_path):
    root = shop(tmp_path, 24)
    ready, done = [], []

    async def work(number, everybody):
        async with piped(root, MODES[number % 2]) as client:
            ready.append(number)
            if len(ready) == 8:
                everybody.set()
            await everybody.wait()
            done.extend(await worked(client))

    async def run():
        everybody = anyio.Event()
        async with anyio.create_task_group() as group:
            for number in range(8):
                group.start_soon(work, number, everybody)

    anyio.run(run)
    assert len({session for _, session in done}) > 1
    assert_nothing_lost(root, done, 24)


def test_one_client_that_asks_much_at_once(tmp_path):
    root, done = shop(tmp_path, 8), []

    async def script(client):
        async def one():
            done.extend(await worked(client))

        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(one)

    talk(root, script)
    assert_nothing_lost(root, done, 8)


MISSING = {
    "none": ("mcp", "raise ModuleNotFoundError(\"No module named 'mcp'\", name='mcp')"),
    "nothing of it": ("anyio", "raise ModuleNotFoundError(\"No module named 'anyio'\", name='anyio')"),
    "an old one": ("mcp", "class FastMCP: pass"),
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("package", "code"), MISSING.values(), ids=MISSING)
def test_without_the_extra(package, code, form, tmp_path):
    put(tmp_path, f"found/{package}/__init__.py", code)
    paths = {"PYTHONPATH": f"{tmp_path / 'found'}:{ROOT}"}
    done = call(tmp_path, "mcp", "--format", form, env=paths, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    said = (done.stdout if form == "json" else done.stderr).decode()
    assert "pip install 'vtm[mcp]'" in said
    assert "is not installed, or is too old" in said
    assert form == "text" or json.loads(said)["code"] == "MISSING-EXTRA"


ALL_COMMANDS = """
import importlib, pkgutil, sys
from vtm.cli import commands
for each in pkgutil.walk_packages(commands.__path__, commands.__name__ + "."):
    importlib.import_module(each.name)
print(sorted({"mcp", "mcp_types", "anyio", "pydantic"} & set(sys.modules)))
"""


def test_no_command_imports_the_sdk():
    call = [sys.executable, "-c", ALL_COMMANDS]
    done = subprocess.run(call, capture_output=True, check=True, env=environment())
    assert done.stdout.split() == [b"[]"]
