"""Sessions as durable workflows, each engine in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy

from tests.cli.processes import environment

ENGINE = """
import asyncio, json, sys
from pathlib import Path
from vtm.ports.workflows import CancelledSessionError
from vtm.workflows.sessions import DbosWorkflows

url, executor, place, *todo = sys.argv[1:]

def say(*words):
    print(json.dumps(words), flush=True)

class Attendant:
    async def work(self, session):
        say("work", session)
        try:
            while session.startswith("slow") and not (Path(place) / session).exists():
                await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            say("ended", session)
            raise

    def settle(self, session):
        say("settle", session)
        return "completed"

async def go(name):
    try:
        say("outcome", name, await workflows.run(name))
    except CancelledSessionError:
        say("cancelled", name)

async def main():
    at_work = [asyncio.create_task(go(name)) for name in todo if not name.startswith(("recover=", "cancel="))]
    for name in todo:
        if name.startswith("cancel="):
            await asyncio.to_thread(sys.stdin.readline)
            await workflows.cancel([name.partition("=")[2]])
    await asyncio.gather(*at_work)

workflows = DbosWorkflows(url, executor, Attendant(), "vtm_test")
say("unfinished", [list(each) for each in workflows.unfinished()])
for name in todo:
    if name.startswith("recover="):
        workflows.recover([name.partition("=")[2]])
asyncio.run(main())
workflows.close()
"""


class Engine:
    """An engine in a process of its own, and what it says."""

    def __init__(self, url, executor, place, *todo):
        self.process = subprocess.Popen(
            [sys.executable, "-c", ENGINE, url, executor, str(place), *todo],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def until(self, *words):
        """Read until it has said this."""
        for line in self.process.stdout:
            self.said.append(json.loads(line))
            if self.said[-1][: len(words)] == list(words):
                return
        raise AssertionError(self.process.stderr.read().decode())

    def end(self):
        """Read to its end; all that it has said."""
        self.said += [json.loads(line) for line in self.process.stdout]
        assert self.process.wait() == 0, self.process.stderr.read().decode()
        assert self.process.stderr.read() == b""
        return self.said


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server of the tests' own; root has to let another user reach its files."""
    pgserver = pytest.importorskip("pgserver")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            found.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return (
        f"sqlite:///{tmp_path}/workflows.db"
        if request.param == "sqlite"
        else request.getfixturevalue("server")
    )


def test_a_session_is_driven_to_its_end_once(url, tmp_path):
    with Engine(url, "one", tmp_path, "A:1", "A:1", "B:1") as engine:
        said = engine.end()
    with Engine(url, "two", tmp_path, "A:1") as engine:
        again = engine.end()

    assert said.count(["work", "A:1"]) == said.count(["settle", "A:1"]) == 1
    assert said.count(["outcome", "A:1", "completed"]) == 2
    assert again == [["unfinished", []], ["outcome", "A:1", "completed"]]


def test_cancelling_reaches_the_agent(url, tmp_path):
    with Engine(url, "cancelling", tmp_path, "slow-C:1", "cancel=slow-C:1") as engine:
        engine.until("work", "slow-C:1")
        engine.process.stdin.write(b"\n")
        engine.process.stdin.flush()
        said = engine.end()

    assert [each[0] for each in said[1:]] == ["work", "ended", "cancelled"]


def test_what_a_dead_engine_drove_goes_on_in_another(url, tmp_path):
    with Engine(url, "dead", tmp_path, "slow-R:1") as engine:
        engine.until("work", "slow-R:1")
        engine.process.kill()
        engine.process.wait()
    (tmp_path / "slow-R:1").touch()
    with Engine(url, "living", tmp_path, "recover=dead", "slow-R:1") as engine:
        said = engine.end()

    assert said[0] == ["unfinished", [["slow-R:1", "dead"]]]
    assert said[1:] == [["work", "slow-R:1"], ["settle", "slow-R:1"], ["outcome", "slow-R:1", "completed"]]


def test_nobody_takes_what_a_living_engine_drives(url, tmp_path):
    with Engine(url, "first", tmp_path, "slow-L:1") as first:
        first.until("work", "slow-L:1")
        with Engine(url, "second", tmp_path, "slow-L:1") as second:
            second.until("unfinished")
            (tmp_path / "slow-L:1").touch()
            theirs = second.end()
        ours = first.end()

    assert theirs == [["unfinished", [["slow-L:1", "first"]]], ["outcome", "slow-L:1", "completed"]]
    assert ours.count(["settle", "slow-L:1"]) == 1


def test_nothing_in_the_database_is_pickled(tmp_path):
    url = f"sqlite:///{tmp_path}/workflows.db"
    with Engine(url, "one", tmp_path, "A:1") as engine:
        engine.end()
    values = [value for row in rows(url) for value in row if isinstance(value, bytes | str)]

    assert "A:1" in "".join(map(str, values))
    for value in values:
        data = value if isinstance(value, bytes) else value.encode()
        assert not data.startswith((b"\x80\x04", b"\x80\x05", b"gAS", b"gAW"))
        assert b"pickle" not in data


def rows(url):
    """All rows of all tables."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        for table in sqlalchemy.inspect(connection).get_table_names():
            yield from connection.exec_driver_sql(f'SELECT * FROM "{table}"')
    engine.dispose()


def test_a_place_that_cannot_be_used_is_said_so(tmp_path):
    script = (
        "import sys\nfrom vtm.errors import ExternalError\nfrom vtm.workflows.sessions import DbosWorkflows\n"
        "try:\n    DbosWorkflows(sys.argv[1], 'one', None)\n"
        "except ExternalError as error:\n    print(error.code, error.message)\n"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path}/no/such/folder/workflows.db"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)

    assert done.stdout.startswith("WORKFLOWS-FAILED the progress of runs cannot be recorded:"), done.stderr
