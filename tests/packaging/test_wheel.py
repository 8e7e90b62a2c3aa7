"""The wheel: what it holds, and that it works where nothing else of the project is."""

import json
import os
import subprocess
import sys
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.checkout import ROOT, copy_project, project_files
from tests.projects import MANIFEST, STATE, put

PYTHON = Path("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def run(*command, cwd, code=0):
    """What a command prints, with nothing of the checkout in its way."""
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def venv(tmp_path_factory):
    """The folder of a fresh virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def wheel(venv, tmp_path_factory):
    """The wheel, built from the project's files alone."""
    source = copy_project(tmp_path_factory.mktemp("source"))
    target = tmp_path_factory.mktemp("wheel")
    run(venv / PYTHON, "-m", "pip", "wheel", "-q", "--no-deps", "-w", target, source, cwd=target)
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="session")
def installed(venv, wheel):
    """The `vtm` that installing the wheel gives."""
    run(venv / PYTHON, "-m", "pip", "install", "-q", wheel, cwd=venv)
    return venv / PYTHON.with_stem("vtm")


@pytest.fixture(scope="session")
def project(installed, tmp_path_factory):
    """A project that the installed vtm has made."""
    folder = tmp_path_factory.mktemp("project")
    run(installed, "init", cwd=folder)
    return folder


def names(wheel):
    return set(ZipFile(wheel).namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel):
    expected = {path.as_posix() for path in project_files() if path.parts[0] == "vtm"}
    schemas = {f"vtm/_schemas/{path.name}" for path in project_files() if path.parts[0] == "schemas"}
    metadata = {each for each in names(wheel) if ".dist-info/" in each}
    assert len(schemas) > 10
    assert names(wheel) - metadata == expected | schemas
    assert {"vtm/py.typed", "vtm/templates/vtm.toml"} <= expected


def test_the_wheel_says_what_it_is(wheel):
    files = {each.partition(".dist-info/")[2]: each for each in names(wheel) if ".dist-info/" in each}
    metadata = Parser().parsestr(ZipFile(wheel).read(files["METADATA"]).decode())
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_payload().startswith("# vtm\n")
    assert ZipFile(wheel).read(files["licenses/LICENSE"]) == (ROOT / "LICENSE").read_bytes()
    assert "vtm = vtm.__main__:run" in ZipFile(wheel).read(files["entry_points.txt"]).decode()


COMMANDS = {
    "help": (["--help"], "Run a backlog"),
    "version": (["--version"], "vtm 0."),
    "validate": (["validate", "--strict"], ""),
    "next": (["next", "--json"], '"task_id":"FIRST_STEPS--T01"'),
    "schema": (["schema", "next"], '"$id": "vtm.next/1"'),
    "schema-of-a-file": (["schema", "virtual-task-manifest"], '"$schema"'),
    "explain": (["explain", "GAP::SCHEMA"], "Why: "),
    "preflight": (["preflight"], "Work may begin."),
    "completion": (["completion", "bash"], "vtm"),
    "init-again": (["init"], "kept    vtm.toml"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_installed_command_works(name, installed, project):
    arguments, expected = COMMANDS[name]
    assert expected in run(installed, *arguments, cwd=project)


def test_every_command_has_help(installed, project):
    listed = run(installed, "--help", cwd=project).partition("Look at the backlog:\n")[2]
    commands = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert {"next", "blocked", "pulse"} <= set(commands)
    for command in commands:
        assert "Example" in run(installed, command, "--help", cwd=project)


def test_it_is_the_installed_one_that_runs(venv, installed, project):
    where = run(venv / PYTHON, "-c", "import vtm; print(vtm.__file__)", cwd=project).strip()
    assert Path(where).is_relative_to(venv)
    assert run(venv / PYTHON, "-m", "vtm", "--version", cwd=project) == run(
        installed, "--version", cwd=project
    )


def test_a_malformed_entry_is_held_to_the_schemas_in_the_wheel(installed, tmp_path):
    put(tmp_path, MANIFEST, '{"tasks": [{"task_id": 7}]}')
    put(tmp_path, STATE, '{"tasks": {}}')
    answer = json.loads(run(installed, "validate", "--json", cwd=tmp_path, code=1))
    assert "GAP::SCHEMA" in {each["code"] for each in answer["findings"]}
