"""`vtm read` keeps receipts of context files, and starting a task without them is warned of."""

import re
from hashlib import sha256

import pytest

from tests.cli.test_commands import checked
from tests.projects import SPEC, put, task, write
from tests.repositories import vtm

GUIDE = "docs/guides/tests.md"
WARNING = "WARN::INCOMPLETE-CONTEXT-READ::A--T01"


@pytest.fixture
def root(tmp_path):
    """A project outside git; its one task names two documents."""
    root = write(tmp_path / "shop", [task("A--T01", related_guides=[GUIDE])])
    put(root, GUIDE, "# Tests\n")
    return root


def warned(root):
    """Paths that starting the task names as not read; None: it warns of nothing."""
    answer = vtm(root, "start", "A--T01", "--dry-run", "--json")
    assert answer.code == 0
    found = [each for each in checked(answer)["findings"] if each["code"] == WARNING]
    return re.findall(r"docs/\S+\.md", found[0]["message"]) if found else None


def test_receipts_are_for_what_is_in_the_files(root):
    answer = checked(vtm(root, "read", "A--T01", "--json"))
    assert answer["read"] == [
        {"path": path, "sha256": sha256((root / path).read_bytes()).hexdigest()} for path in (SPEC, GUIDE)
    ]
    assert (answer["unread"], warned(root)) == ([], None)


def test_named_files_alone_are_read(root):
    answer = checked(vtm(root, "read", "A--T01", GUIDE, "--json"))
    assert [each["path"] for each in answer["read"]] == [GUIDE]
    assert answer["unread"] == [SPEC]
    assert warned(root) == [SPEC]


def test_a_file_that_changed_is_unread_again(root):
    checked(vtm(root, "read", "A--T01", "--json"))
    put(root, SPEC, "# Shop, second edition\n")
    assert warned(root) == [SPEC]


def test_a_dry_run_keeps_nothing(root):
    answer = checked(vtm(root, "read", "A--T01", "--dry-run", "--json"))
    assert len(answer["read"]) == 2
    assert warned(root) == [SPEC, GUIDE]


@pytest.mark.parametrize("file", ["../outside.md", "docs/absent.md", "docs"])
def test_what_cannot_be_read_is_refused(root, file):
    put(root.parent, "outside.md", "secret")
    answer = vtm(root, "read", "A--T01", file, "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "UNREADABLE-FILE")
    assert warned(root) == [SPEC, GUIDE]
