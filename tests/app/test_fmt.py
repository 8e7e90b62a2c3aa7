"""`vtm fmt`: one order of keys, every byte kept, and what cannot be moved safely is left alone."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cli.test_commands import checked
from tests.fuzz.test_fuzz import bytes_of_any_kind
from tests.projects import HOSTILE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.discovery import find_project, runtime_folder
from vtm.errors import UnreadableError
from vtm.sources.front_matter_order import in_order
from vtm.sources.yaml_events import load
from vtm.stores import watched
from vtm.stores.lock import locked

ROWS = {  # front matter, to what it becomes
    "in-order": ("id: A\ntitle: x\nstatus: a\n", None),
    "all": (
        "x: 1\nlevel: l\nimpact: i\nscope: s\nrisk: r\ndepends_on_tasks: []\ndependsOn: []\n"
        "dependencies: []\ndepends_on: []\n"
        "completed_at: c\nstarted_at: s\nstatus: p\nname: n\ntitle: t\nid: A\na: 2\n",
        "id: A\ntitle: t\nname: n\nstatus: p\nstarted_at: s\ncompleted_at: c\ndepends_on: []\n"
        "dependencies: []\ndependsOn: []\n"
        "depends_on_tasks: []\nrisk: r\nscope: s\nimpact: i\nlevel: l\nx: 1\na: 2\n",
    ),
    "rest-as-found": ("z: 1\nid: A\ny: 2\nphase: p\n", "id: A\nz: 1\ny: 2\nphase: p\n"),
    "comments": (
        "# of t\n# too\ntitle: t # end\n# of id\nid: A # here\n",
        "# of id\nid: A # here\n# of t\n# too\ntitle: t # end\n",
    ),
    "comment-at-the-end": ("title: t\nid: A\n# last\n", "id: A\ntitle: t\n# last\n"),
    "comment-between-blank-lines": (
        "# head\n\ntitle: t\n\n# middle\n\nid: A\n",
        "# head\n\nid: A\n\n# middle\n\ntitle: t\n",
    ),
    "lists": (
        "depends_on:\n  - a # x\n  # y\n  - b\nid: A\n",
        "id: A\ndepends_on:\n  - a # x\n  # y\n  - b\n",
    ),
    "lists-not-indented": ("depends_on:\n- a\n- b\nid: A\n", "id: A\ndepends_on:\n- a\n- b\n"),
    "flow": ("depends_on: [a,\n  b]\nid: A\n", "id: A\ndepends_on: [a,\n  b]\n"),
    "block-text": ("d: |\n  a\n\n  # b\nid: A\n", "id: A\nd: |\n  a\n\n  # b\n"),
    "folded": ("d: >-\n  a\n  b\n\nid: A\n", "id: A\n\nd: >-\n  a\n  b\n"),
    "mapping": ("est:\n  size: S\n  id: no\nid: A\n", "id: A\nest:\n  size: S\n  id: no\n"),
    "plain-of-several-lines": ("title: a\n  b\n  c\nid: A\n", "id: A\ntitle: a\n  b\n  c\n"),
    "quoted-of-several-lines": ("title: 'a\n\n  id: b'\nid: A\n", "id: A\ntitle: 'a\n\n  id: b'\n"),
    "quoted-key": ("title: t\n'id': A\n", "'id': A\ntitle: t\n"),
    "nothing": ("title:\nid: A\n", "id: A\ntitle:\n"),
    "indented": ("  title: t\n  id: A\n", "  id: A\n  title: t\n"),
    "unicode": ("title: 日本語 😀 \u2028\nid: Ü\n", "id: Ü\ntitle: 日本語 😀 \u2028\n"),
    "anchor-before-use": ("id: A\nx: &a [1]\ny: *a\nstatus: s\n", "id: A\nstatus: s\nx: &a [1]\ny: *a\n"),
    "merge": ("x: &a {b: c}\n<<: *a\nid: A\n", "id: A\nx: &a {b: c}\n<<: *a\n"),
    "trailing-spaces": ("title: t  \nid: A \n", "id: A \ntitle: t  \n"),
}
BODY = "\n# Heading\r\nid: not: yaml\n---\ntrailing  \n- [ ] box"


def file(front, body=BODY):
    return f"---\n{front}---\n{body}"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n \n"], ids=["bare", "mark", "blank-lines"])
@pytest.mark.parametrize(("before", "after"), ROWS.values(), ids=ROWS)
def test_order(before, after, mark, newline):
    before, after = (mark + file(each.replace("\n", newline)) for each in (before, after or before))
    done = in_order(before.encode(), "x.md")
    assert done.decode() == after
    assert in_order(done, "x.md") == done


REFUSED = {  # front matter, to a part of the reason
    "invalid": ("title: [\nid: A\n", "not valid YAML"),
    "twice": ("title: t\nid: A\nid: B\n", "twice"),
    "twice-inside": ("title: {a: 1, a: 2}\nid: A\n", "twice"),
    "flow": ("{title: t, id: A}\n", "does not consist of keys"),
    "list": ("- title\n", "does not consist of keys"),
    "anchor-after-use": ("x: &a [1]\nrisk: *a\n", "alias"),
    "anchor-twice": ("x: &a [1]\nz: *a\nid: &a A\ny: *a\n", "alias would not have the same value"),
    "kept-blank-lines": ("d: |+\n  a\nid: A\n\nx: 1\n", "would not have the same value"),
    "second-document": ("title: t\n...\nid: A\n", "document"),
    "directive": ("%YAML 1.2\n--- \ntitle: t\nid: A\n", "document"),
    "tag": ("title: !!python/object:os.system {}\nid: A\n", "tag"),
    "unknown-tag": ("title: !x t\nid: A\n", "tag"),
    "control": ("title: \x07\nid: A\n", "U+0007"),
    "deep": (f"title: {'[' * 99}{']' * 99}\nid: A\n", "deep"),
    "complex-key": ("? title\n: t\nid: A\n", "key"),
    "tab": ("title: t\t# x\nid: A\n", "tab"),
    "megabyte": (f"title: {'x' * 1_100_000}\nid: A\n", "1 MB"),
}


@pytest.mark.parametrize(("front", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(front, reason, tmp_path):
    path = put(tmp_path, "tasks/x.md", file(front))
    put(tmp_path, "tasks/y.md", file("title: t\nid: A\n"))
    before = path.read_bytes()
    answer = vtm(tmp_path, "fmt", "--json")
    assert answer.code == 1
    found = checked(answer)
    (problem,) = found["problems"]
    assert (problem["path"], found["changed"]) == ("tasks/x.md", ["tasks/y.md"])
    assert reason in problem["message"]
    assert problem["line"]
    assert path.read_bytes() == before


KEYS = st.lists(
    st.sampled_from(["id", "title", "name", "status", "depends_on", "risk", "zeta", "alpha", "'q'", "é"]),
    unique=True,
    max_size=8,
)
VALUES = st.sampled_from(
    ["a", "'b'", '"c: d"', "", "[x, y] # z", "|\n  text\n\n  more", ">+\n  kept\n", "|+\n  k\n\n",
     "\n  - a\n  - b", "\n- a", "{k: v}", "\n  k: v\n  # c", "&a x", "*a", "a\n  b",
     "# only", "~", "2026-01-01", "'a\n  b'"]
)  # fmt: skip
ABOVE = st.sampled_from(["", "# c\n", "\n", "\n# c\n", "# c\n\n", "  # deep\n", "# a\n# b\n"])


@st.composite
def front_matters(draw):
    lines = [f"{draw(ABOVE)}{key}: {draw(VALUES)}\n" for key in draw(KEYS)]
    text = "".join(lines) + draw(ABOVE)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(front_matters())
@settings(max_examples=400, deadline=None)
@example("a: |+\n  x\n\nid: b\n")
def test_any_front_matter(front):
    before = file(front).encode()
    try:
        after = in_order(before, "x.md")
    except UnreadableError:
        return
    assert in_order(after, "x.md") == after
    assert sorted(after.splitlines(keepends=True)) == sorted(before.splitlines(keepends=True))
    assert after.endswith(BODY.encode())
    text = after.decode()[4 : -len(BODY) - 4]
    assert load(text) == load(front)


@given(bytes_of_any_kind())
@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
def test_any_bytes(tmp_path_factory, data):
    root = tmp_path_factory.getbasetemp() / "bytes"
    put(root, "tasks/x.md", "").write_bytes(data)
    answer = vtm(root, "fmt", "--json")
    assert answer.code in {0, 1}
    checked(answer)


@pytest.fixture
def shop(tmp_path):
    put(tmp_path, "vtm.toml", "")
    put(tmp_path, "tasks/a.md", file("title: t\nid: A\n"))
    put(tmp_path, "tasks/deep/b.md", file("id: B\ntitle: t\n"))
    put(tmp_path, "tasks/README.md", "# No task\n")
    return tmp_path


def test_check_changes_nothing(shop):
    before = (shop / "tasks/a.md").read_bytes()
    answer = vtm(shop, "fmt", "--check", "--json")
    assert answer.code == 1
    assert checked(answer) == {
        "schema": "vtm.fmt/1",
        "ok": False,
        "check": True,
        "total": 2,
        "changed": ["tasks/a.md"],
        "problems": [],
    }
    assert (shop / "tasks/a.md").read_bytes() == before
    assert vtm(shop, "fmt", "--check").out == "tasks/a.md\n1 of 2 files would change.\n"


def test_once_is_enough(shop):
    (shop / "tasks/a.md").chmod(0o640)
    assert vtm(shop, "fmt") == (0, "tasks/a.md\n1 of 2 files changed.\n", "")
    assert (shop / "tasks/a.md").read_text("utf-8") == file("id: A\ntitle: t\n").replace("\r", "")
    assert (shop / "tasks/a.md").stat().st_mode & 0o777 == 0o640
    inode = (shop / "tasks/a.md").stat().st_ino
    assert vtm(shop, "fmt") == (0, "0 of 2 files changed.\n", "")
    assert vtm(shop, "fmt", "--check").code == 0
    assert (shop / "tasks/a.md").stat().st_ino == inode


def test_paths(shop):
    put(shop, "other/c.md", file("title: t\nid: C\n"))
    assert vtm(shop, "fmt", "--check", "tasks/deep").code == 0
    assert vtm(shop, "fmt", "--check", "tasks/deep", "other").out.startswith("other/c.md\n1 of 2")
    assert vtm(shop / "tasks", "fmt", "--check", "a.md").out.startswith("tasks/a.md\n1 of 1")
    assert vtm(shop, "fmt", "--check", ".").out.startswith("tasks/a.md\n1 of 2")
    assert "has no front matter" in vtm(shop, "fmt", "tasks/README.md").out
    for path in ("no.md", "../x.md", "/", "a\0b", "\udcff", "x" * 5000, ""):
        answer = vtm(shop, "fmt", path, "--json")
        assert answer.code in {0, 1, 3}, path
        assert answer.code == 3 or path == ""


def test_in_a_linked_worktree_the_files_of_the_caller_are_meant_by_name(tmp_path):
    main = repository(tmp_path / "main")
    put(main, "tasks/a.md", file("title: t\nid: A\n"))
    commit(main)
    git(main, "worktree", "add", "-q", "../linked")
    assert vtm(tmp_path / "linked", "fmt", "tasks/a.md").code == 0
    assert vtm(main, "fmt", "--check").code == 1
    assert vtm(tmp_path / "linked", "fmt", "--check", "tasks/a.md").code == 0


def test_no_task_files(tmp_path):
    assert vtm(tmp_path, "fmt") == (0, "0 of 0 files changed.\n", "")
    write(tmp_path, [task("A")])
    assert vtm(tmp_path, "fmt", "--check").code == 0


def test_hostile_names(shop):
    name = re.sub("[/\0]", "", HOSTILE)[:60] + ".md"
    put(shop, f"tasks/{name}", file("title: [\n"))
    out = vtm(shop, "fmt").out
    assert "\x1b" not in out
    (shop / "tasks/dir.md").mkdir()
    (shop / "tasks/out").symlink_to("/etc")
    assert "is a directory" in vtm(shop, "fmt").out


def test_what_somebody_changes_meanwhile_is_not_overwritten(shop, monkeypatch):
    def refuse(self):
        self.path.write_bytes(b"mine")
        return real(self)

    real = watched.Watched.refuse_change
    monkeypatch.setattr(watched.Watched, "refuse_change", refuse)
    answer = vtm(shop, "fmt", "--json")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")
    assert (shop / "tasks/a.md").read_bytes() == b"mine"


def test_the_lock_is_waited_for(shop):
    put(shop, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(shop)), 5):
        assert vtm(shop, "fmt", "--json").json["code"] == "LOCKED"
        assert vtm(shop, "fmt", "--check").code == 1
