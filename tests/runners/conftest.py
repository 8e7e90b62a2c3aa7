"""Agents that are really started, and ended with the test that did."""

import sys
from pathlib import Path

import pytest

from vtm.ports.agents import Command
from vtm.runners import keeping
from vtm.runners.keeping import Limits


class Kept:
    """One agent: a script, a place of its own, and what became of it."""

    def __init__(self, place, folder):
        self.place = place
        self.folder = folder

    def launch(self, *argv, stdin="", environment=None, nursery=None, **limits):
        command = Command(argv, stdin, environment or {})
        return keeping.launch(self.place, command, self.folder, Limits(**limits), nursery)

    def python(self, script, **options):
        return self.launch(sys.executable, "-c", script, **options)

    def shell(self, script, **options):
        return self.launch("/bin/sh", "-c", script, **options)

    async def over(self):
        return await keeping.ended(self.place)

    @property
    def lines(self):
        return list(keeping.output(self.place))

    @property
    def kept(self):
        """Every byte in the files of its place."""
        return b"\n".join(each.read_bytes() for each in sorted(self.place.iterdir()))


@pytest.fixture
def agents(tmp_path):
    """Makes agents; whatever is left of them is ended, also when the test fails."""
    made = []

    def make(name="agent"):
        folder = tmp_path / f"{name} folder"
        folder.mkdir()
        made.append(Kept(tmp_path / name, folder))
        return made[-1]

    yield make
    for each in made:
        keeping.end(each.place, 0)


@pytest.fixture
def agent(agents):
    return agents()


@pytest.fixture
def nursery():
    with keeping.Nursery() as made:
        yield made


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts scripts on PATH, in front of everything else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{Path('/usr/bin')}:/bin")

    def put(name, script):
        (folder / name).write_text(f"#!{sys.executable}\n{script}", "utf-8")
        (folder / name).chmod(0o755)
        return folder / name

    return put
