"""What is read of the master PRD."""

import os
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.model.facts import PrdFacts
from vtm.sources.prd import DEFAULT, read_prd

PATH = "docs/prd.md"

FRONT = {
    "both": ("---\nstatus: stale\nphase: Phase 2\n---\n# PRD\n", "stale", "Phase 2"),
    "case-and-spaces": ("---\nstatus: '  Superseded '\n---\n", "superseded", "unknown"),
    "windows": ("---\r\nstatus: stale\r\nphase: 2\r\n---\r\n", "stale", "2"),
    "marked": ("\ufeff---\nstatus: stale\n---\n", "stale", "unknown"),
    "blank-line-before": ("\n---\nstatus: stale\n---\n", "stale", "unknown"),
    "as-written": ("---\nphase: 1.10\nstatus: 2026-13-45\n---\n", "2026-13-45", "1.10"),
    "null": ("---\nstatus: null\nphase: ~\n---\n", "", "unknown"),
    "no-value": ("---\nstatus:\nphase:\n---\n", "", "unknown"),
    "list": ("---\nstatus: [stale]\nphase: {a: b}\n---\n", "", "unknown"),
    "alias": ("---\na: &x stale\nstatus: *x\n---\n", "stale", "unknown"),
    "bomb": ("---\na: &a [x, x]\nb: &b [*a, *a]\nstatus: &c [*b, *b, *b]\n---\n", "", "unknown"),
    "tags": ("---\nstatus: !!int ''\nphase: !!python/object:os.system x\n---\n", "", "x"),
    "other-keys": ("---\ncontent: x\nhandler: y\n1: z\nstatus: ok\n---\n", "ok", "unknown"),
    "not-a-mapping": ("---\n- status\n---\n", "", "unknown"),
    "text": ("---\nstatus\n---\n", "", "unknown"),
    "empty": ("---\n---\n", "", "unknown"),
    "never-closed": ("---\nstatus: stale\n", "", "unknown"),
    "none": ("# PRD\n\nstatus: stale\n", "", "unknown"),
    "rule-in-the-text": ("# PRD\n\n---\nstatus: stale\n---\n", "", "unknown"),
    "toml": ("+++\nstatus = 'stale'\n+++\n", "", "unknown"),
    "nothing": ("", "", "unknown"),
}


@pytest.fixture
def prd(tmp_path):
    """The facts of a PRD with this content."""

    def read(content):
        data = content if isinstance(content, bytes) else content.encode()
        path = tmp_path / PATH
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        found = read_prd(tmp_path, PATH)
        assert path.read_bytes() == data
        return found

    return read


@pytest.mark.parametrize(("text", "status", "phase"), FRONT.values(), ids=FRONT)
def test_status_and_phase_stand_in_the_front_matter(prd, text, status, phase):
    assert prd(text) == PrdFacts(
        PATH, exists=True, required=True, status=status, phase=phase, sha256=sha256(text.encode()).hexdigest()
    )


BROKEN = {
    "not-yaml": b"---\nreporter: @name\n---\n",
    "tab": b"---\na:\n\tb: 1\n---\n",
    "key-that-is-a-list": b"---\n? [a]\n: b\n---\n",
    "unknown-alias": b"---\nstatus: *x\n---\n",
    "knot": b"---\nstatus: &a [*a]\n---\n",
    "control": b"---\nstatus: \x01\n---\n",
    "deep": b"---\nstatus: " + b"[" * 900 + b"\n---\n",
    "deeper": b"---\nstatus: " + b"[{" * 10_000_000 + b"\n---\n",
    "long": b"---\n" + b"- x\n" * 1_000_000 + b"---\n",
    "invalid-utf8": b"---\nstatus: \xff\n---\n",
    "utf16": "---\nstatus: a\n---\n".encode("utf-16"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_front_matter_that_cannot_be_read_is_a_problem(prd, data):
    found = prd(data)
    assert (found.exists, found.status, found.sha256) == (True, "", "")
    assert found.problem.startswith("has unreadable front matter: ")
    assert "\n" not in found.problem


def test_a_path_that_is_not_set_may_lead_to_nothing(tmp_path):
    assert read_prd(tmp_path, "") == PrdFacts(DEFAULT)
    assert read_prd(tmp_path, PATH) == PrdFacts(PATH, required=True)


def test_the_default_place_is_looked_at_without_being_set(tmp_path):
    (tmp_path / DEFAULT).parent.mkdir(parents=True)
    (tmp_path / DEFAULT).write_text("---\nphase: 1\n---\n", "utf-8")
    found = read_prd(tmp_path, "")
    assert (found.path, found.exists, found.required, found.phase) == (DEFAULT, True, False, "1")


@pytest.fixture
def root(tmp_path):
    """A root beside which lies a PRD, with links to it."""
    (tmp_path / "outside.md").write_text("---\nphase: secret\n---\n", "utf-8")
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "out.md").symlink_to("../outside.md")
    (root / "loop.md").symlink_to("loop.md")
    os.mkfifo(root / "pipe.md")
    return root


PROBLEMS = {
    "up": ("../outside.md", False, "leaves the repository"),
    "absolute": ("/etc/hostname", False, "leaves the repository"),
    "link-out": ("out.md", False, "leaves the repository"),
    "folder": ("folder", True, "is a directory"),
    "loop": ("loop.md", True, "cannot be read: too many levels of symbolic links"),
    "pipe": ("pipe.md", True, "is not a regular file"),
    "nul": ("a\0.md", True, "cannot be the name of a file"),
    "long": ("x" * 300, True, "cannot be read: file name too long"),
}


@pytest.mark.parametrize(("path", "exists", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_prd_that_cannot_be_used_is_a_problem(root, path, exists, problem):
    assert read_prd(root, path) == PrdFacts(path, exists=exists, required=True, problem=problem)


@given(st.text(st.sampled_from("-:\n #&*![]{}'\"?|>%@`a1~.,\t\ufeff")) | st.text())
def test_any_front_matter_is_read_or_a_problem(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("prd")
    (root / "prd.md").write_bytes(b"---\n" + text.encode() + b"\n---\n")
    found = read_prd(root, "prd.md")
    assert found.exists
    assert found.phase
