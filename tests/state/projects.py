"""Projects whose state is put under stress, and what must hold of it afterwards."""

import json
import re

from tests.projects import MANIFEST, STATE, criteria, put, task, write
from tests.repositories import vtm
from tests.task_files import assert_files_agree, task_files, write_files

JOURNAL = "docs/backlog/task-events.jsonl"


FORMS = {"manifest": write, "files": write_files}
"""Ways to declare tasks: each writes a project."""


def many(root, count, form="manifest"):
    """Independent tasks that anybody may start at any time, however long a loaded machine takes."""
    put(root, "vtm.toml", 'wip_limit = 0\nlock_wait = "10m"\n')
    names = [f"C{number % 5}--T{number:03}" for number in range(count)]
    return FORMS[form](root, [task(name, file_scope=[f"src/{name}/**"]) for name in names])


def shared(root, writers, form="manifest"):
    """Two tasks that all writers write to, a running and a pending one, and a running one for each."""
    put(root, "vtm.toml", "wip_limit = 0\n")
    names = [f"{writer:02}{each:02}" for writer in range(writers) for each in range(8)]
    deps = [f"DEP--T{writer:02}{each:02}" for writer in range(writers) for each in range(8)]
    own = [f"OWN--T{writer:02}" for writer in range(writers)]
    running = task(
        "ALL--T01", acceptance_criteria=[{"id": f"AC-{name}", "text": "It works"} for name in names]
    )
    FORMS[form](root, [running, task("ALL--T02", needs=deps), *map(task, own), *map(task, deps)])
    for name in ["ALL--T01", *own]:
        assert vtm(root, "start", name).code == 0
    return root


def two(root, form="manifest"):
    """A task that runs and one that is pending."""
    put(root, "vtm.toml", "wip_limit = 0\n")
    FORMS[form](
        root, [task(each, acceptance_criteria=criteria(each, "a", "b")) for each in ("ALL--T01", "ALL--T02")]
    )
    assert vtm(root, "start", "ALL--T01").code == 0
    return root


def files(root):
    """Name to bytes of everything in the folder of the backlog, and path to bytes of all task files."""
    folder = (root / MANIFEST).parent
    return {each.name: each.read_bytes() for each in folder.iterdir()} | task_files(root)


def state(root):
    """The entries of the state, by id."""
    return json.loads((root / STATE).read_bytes())["tasks"]


def events(root):
    """The lines of the journal."""
    return [json.loads(line) for line in (root / JOURNAL).read_bytes().splitlines()]


def assert_sound(root, edited=()):
    """The state is what the journal gives, every event was legal, and nothing else lies about.

    Files of tasks say the same, but for those of the tasks `edited`.
    """
    answer = vtm(root, "replay", "--check", "--json")
    assert (answer.code, answer.json["differences"], answer.json["jumps"]) == (0, [], []), answer.out
    ids = [event["id"] for event in events(root)]
    assert len(ids) == len(set(ids))
    found = {each for each in files(root) if not re.fullmatch(r"tasks/(?:[^./][^/]*/)*[^./][^/]*\.md", each)}
    assert found <= {"virtual-task-manifest.json", "task-state.json", "task-events.jsonl"}
    assert_files_agree(root, state(root), edited)
