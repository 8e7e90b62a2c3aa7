"""What `vtm next` imports: agents call it in loops."""

import pytest

from tests.cli.processes import call
from tests.projects import SAMPLE_STATE, SAMPLE_TASKS, task, write

NEVER = {"jsonschema", "ruamel", "rich", "sqlite3"}
"""What the hot path must never import, whatever the project is like."""
NOT_NEEDED = NEVER | {
    *("asyncio", "dataclasses", "difflib", "email", "frontmatter", "hashlib", "http", "importlib.metadata"),
    *(
        "json",
        "logging",
        "multiprocessing",
        "pkgutil",
        "shutil",
        "subprocess",
        "tempfile",
        "tomllib",
        "unittest",
    ),
    *("xml", "yaml"),
}
"""What a sound project without settings does not need either."""


def imported(folder, *arguments):
    """The top-level names, and the dotted ones, of all modules that one command imports."""
    done = call(folder, *arguments, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    lines = [line for line in done.stderr.decode().splitlines() if line.startswith("import time:")]
    names = {line.rpartition("|")[2].strip() for line in lines}
    assert "vtm.queries.next_task" in names
    return names | {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("form", ["text", "json"])
def test_sound_project(form, tmp_path):
    write(tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"])], {"A--T01": {"status": "completed"}})
    assert imported(tmp_path, "next", "--format", form) & NOT_NEEDED == set()


@pytest.mark.parametrize("form", ["text", "json"])
def test_sample_project(form, sample):
    assert imported(sample, "next", "--format", form) & NEVER == set()


def test_sample_without_settings(tmp_path):
    write(tmp_path, SAMPLE_TASKS, SAMPLE_STATE)
    assert imported(tmp_path, "next", "--json") & NOT_NEEDED == set()


@pytest.mark.parametrize("command", ["blocked", "pulse", "status", "list"])
def test_other_questions(command, sample):
    done = call(sample, command, "--json", env={"PYTHONPROFILEIMPORTTIME": "1"})
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.decode().splitlines()}
    assert names & NEVER == set()
