"""Which files of a folder are read as tasks: whatever stands in it is a task, no task, or reported."""

import os
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtm.model.finding import Damage
from vtm.sources.markdown import MarkdownTasks
from vtm.sources.task_files import list_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    (folder / "tasks").mkdir(parents=True)
    return folder


def write(root, name, task_id="A"):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nid: {task_id}\n---\n")
    return path


def listed(root):
    """Names of files, and message of each defect behind the name of the file."""
    found = list_files(root, "tasks")
    assert all(each.damage is Damage.UNREADABLE and each.fix for each in found.defects)
    assert list(found.files) == sorted(found.files)
    return list(found.files), sorted(each.message for each in found.defects)


def load(root):
    return MarkdownTasks(root, "tasks", root / ".vtm").load(thorough=True)


def link(root, name, target, *, folder=False):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target, target_is_directory=folder)


LEAVES = "is a symbolic link that leaves the project"
CIRCLE = "is a symbolic link to a folder that it lies in"
GONE = "cannot be read: no such file or directory"
ROUND = "cannot be read: too many levels of symbolic links"
MADE = {
    "nothing": (lambda _: None, [], []),
    "nested": (
        lambda root: [write(root, each) for each in ("tasks/b/c/d.md", "tasks/a.md", "tasks/b.md")],
        ["tasks/a.md", "tasks/b.md", "tasks/b/c/d.md"],
        [],
    ),
    "other-names": (
        lambda root: [write(root, f"tasks/{each}") for each in ("a.MD", "a.markdown", "md", "a.md.bak")],
        [],
        [],
    ),
    "hidden": (
        lambda root: [write(root, f"tasks/{each}") for each in (".a.md", ".b/c.md", ".md", "d/.e/f.md")],
        [],
        [],
    ),
    "folder-with-the-name": (
        lambda root: write(root, "tasks/x.md/y.md"),
        ["tasks/x.md/y.md"],
        ["tasks/x.md is a directory"],
    ),
    "pipe": (lambda root: os.mkfifo(root / "tasks/x.md"), [], ["tasks/x.md is not a regular file"]),
    "other-pipe": (lambda root: os.mkfifo(root / "tasks/x"), [], []),
    "link-to-a-file": (
        lambda root: (write(root, "docs/a.md"), link(root, "tasks/x.md", "../docs/a.md")),
        ["tasks/x.md"],
        [],
    ),
    "link-to-a-file-of-another-name": (
        lambda root: (
            write(root, "docs/a.txt"),
            link(root, "tasks/x.md", "../docs/a.txt"),
            link(root, "tasks/y", "../docs/a.txt"),
        ),
        ["tasks/x.md"],
        [],
    ),
    "link-to-a-folder": (
        lambda root: (write(root, "docs/a.md"), link(root, "tasks/x", "../docs")),
        ["tasks/x/a.md"],
        [],
    ),
    "link-to-a-folder-named-like-a-file": (
        lambda root: (write(root, "docs/a.md"), link(root, "tasks/x.md", "../docs")),
        ["tasks/x.md/a.md"],
        [],
    ),
    "link-out": (
        lambda root: (
            write(root, "../other/a.md"),
            link(root, "tasks/x", "../../other"),
            link(root, "tasks/y.md", "../../other/a.md"),
        ),
        [],
        [f"tasks/x {LEAVES}", f"tasks/y.md {LEAVES}"],
    ),
    "link-to-a-folder-beside-with-a-like-name": (
        lambda root: (write(root, "../project-2/a.md"), link(root, "tasks/x", "../../project-2")),
        [],
        [f"tasks/x {LEAVES}"],
    ),
    "link-to-the-root-of-all": (lambda root: link(root, "tasks/x", "/"), [], [f"tasks/x {LEAVES}"]),
    "link-to-a-device": (lambda root: link(root, "tasks/x.md", "/dev/zero"), [], [f"tasks/x.md {LEAVES}"]),
    "link-to-nothing": (
        lambda root: (link(root, "tasks/x.md", "gone"), link(root, "tasks/y", "gone")),
        [],
        [f"tasks/x.md {GONE}"],
    ),
    "link-to-itself": (
        lambda root: (link(root, "tasks/x.md", "x.md"), link(root, "tasks/y", "y")),
        [],
        [f"tasks/x.md {ROUND}", f"tasks/y {ROUND}"],
    ),
    "links-to-each-other": (
        lambda root: (link(root, "tasks/x", "y"), link(root, "tasks/y", "x")),
        [],
        [f"tasks/x {ROUND}", f"tasks/y {ROUND}"],
    ),
    "link-to-the-folder-itself": (
        lambda root: (write(root, "tasks/a.md"), link(root, "tasks/x", ".")),
        ["tasks/a.md"],
        [f"tasks/x {CIRCLE}"],
    ),
    "link-to-the-project": (
        lambda root: (write(root, "tasks/a.md"), link(root, "tasks/b/x", "../..")),
        ["tasks/a.md"],
        [f"tasks/b/x {CIRCLE}"],
    ),
    "links-across": (
        lambda root: (
            write(root, "tasks/a/1.md"),
            write(root, "tasks/b/2.md"),
            link(root, "tasks/a/x", "../b"),
            link(root, "tasks/b/y", "../a"),
        ),
        ["tasks/a/1.md", "tasks/b/2.md"],
        [],
    ),
    "two-links-to-a-folder": (
        lambda root: (
            write(root, "docs/a.md"),
            link(root, "tasks/y", "../docs"),
            link(root, "tasks/x", "../docs"),
        ),
        ["tasks/x/a.md"],
        [],
    ),
    "control-characters": (
        lambda root: [write(root, f"tasks/{each}.md") for each in ("a\nb", "\x1b[31m", "\x7f")],
        ["tasks/\x1b[31m.md", "tasks/a\nb.md", "tasks/\x7f.md"],
        [],
    ),
    "no-utf8": (
        lambda root: (
            write(root, "tasks/a.md"),
            write(root, os.fsdecode(b"tasks/\xff.md")),
            write(root, os.fsdecode(b"tasks/\xfe/b.md")),
        ),
        ["tasks/a.md"],
        ["tasks/\\xfe/b.md has a name that is not UTF-8", "tasks/\\xff.md has a name that is not UTF-8"],
    ),
}


@pytest.mark.parametrize(("make", "files", "defects"), MADE.values(), ids=MADE)
def test_what_stands_in_a_folder(root, make, files, defects):
    try:
        make(root)
    except OSError as error:
        pytest.skip(f"this file system does not have it: {error}")
    assert listed(root) == (files, defects)
    declared = load(root)
    assert len(declared.manifest.tasks if declared.manifest else ()) == len(files)
    assert sorted(each.message for each in declared.defects) == defects


ROOTS = {
    "file": (lambda path: path.write_text(""), []),
    "nothing": (lambda _: None, []),
    "link-out": (lambda path: path.symlink_to("/"), [f"tasks {LEAVES}"]),
    "link-to-nothing": (lambda path: path.symlink_to("gone"), [f"tasks {GONE}"]),
    "link-to-itself": (lambda path: path.symlink_to("tasks"), [f"tasks {ROUND}"]),
    "link-inside": (lambda path: (write(path.parent, "docs/a.md"), path.symlink_to("docs")), []),
}


@pytest.mark.parametrize(("make", "defects"), ROOTS.values(), ids=ROOTS)
def test_what_stands_in_the_place_of_the_folder(root, make, defects):
    (root / "tasks").rmdir()
    make(root / "tasks")
    assert listed(root) == (["tasks/a.md"] if (root / "docs").exists() else [], defects)


def test_links_across_many_folders_make_no_end_of_ways(root):
    names = [f"f{at:02}" for at in range(14)]
    for name in names:
        write(root, f"tasks/{name}/{name}.md")
    for name in names:
        for other in names:
            link(root, f"tasks/{name}/to-{other}", f"../{other}", folder=True)
    files, defects = listed(root)
    assert files == [f"tasks/{each}/{each}.md" for each in names]
    assert defects == [f"tasks/{each}/to-{each} {CIRCLE}" for each in names]


def test_one_directory_among_ten_thousand_files(root):
    for at in range(10_000):
        write(root, f"tasks/{at % 100:02}/{at}.md", f"T{at}")
    (root / "tasks/50/x.md").mkdir()
    declared = load(root)
    assert len(declared.manifest.tasks) == 10_000
    assert [each.message for each in declared.defects] == ["tasks/50/x.md is a directory"]
    again = load(root)
    assert (again.manifest, list(again.defects)) == (declared.manifest, list(declared.defects))


@pytest.mark.usefixtures("bound_by_permissions")
def test_no_permission(root):
    write(root, "tasks/a.md").chmod(0)
    write(root, "tasks/b/c.md")
    (root / "tasks/b").chmod(0)
    found = load(root)
    (root / "tasks/b").chmod(0o700)
    assert sorted(each.message for each in found.defects) == [
        "tasks/a.md cannot be read: permission denied",
        "tasks/b cannot be read: permission denied",
    ]


def test_what_the_system_keeps_from_us(root, monkeypatch):
    write(root, "tasks/a.md")
    write(root, "tasks/b/c.md")
    write(root, "tasks/d.md", "D")
    scan, opened = os.scandir, os.open

    def refuse(path, *rest):
        if str(path).endswith(("b", "a.md")):
            raise PermissionError(13, "Permission denied")
        return scan(path) if not rest else opened(path, *rest)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "open", refuse)
    found = load(root)
    assert [each.task_id for each in found.manifest.tasks] == ["D"]
    assert [each.message for each in found.defects] == [
        "tasks/a.md cannot be read: permission denied",
        "tasks/b cannot be read: permission denied",
    ]


KINDS = {
    "task": lambda path: path.write_text(f"---\nid: '{path.stem}'\n---\n"),
    "text": lambda path: path.write_text("# No task\n"),
    "no-id": lambda path: path.write_text("---\ntitle: x\n---\n"),
    "no-yaml": lambda path: path.write_text("---\nid: [\n---\n"),
    "unclosed": lambda path: path.write_text("---\nid: A\n"),
    "no-text": lambda path: path.write_bytes(b"---\nid: \xff\n---\n"),
    "empty": lambda path: path.write_bytes(b""),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo if hasattr(os, "mkfifo") else None,
    "gone": lambda path: path.symlink_to("nowhere"),
    "round": lambda path: path.symlink_to(path.name),
    "out": lambda path: path.symlink_to("/etc"),
}
PLACES = st.sampled_from(["", "a/", "a/b/", "c d/"])


@given(st.dictionaries(st.tuples(PLACES, st.integers(0, 9)), st.sampled_from(sorted(KINDS)), max_size=12))
@settings(suppress_health_check=list(HealthCheck), max_examples=40)
def test_every_file_is_a_task_or_no_task_or_reported(tmp_path_factory, files):
    root = tmp_path_factory.mktemp("project")
    for (folder, at), kind in files.items():
        path = root / "tasks" / folder / f"{at}{kind}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        KINDS[kind](path)
    expected = [kind for kind in files.values() if kind not in {"text", "empty"}]
    for _ in range(2):
        found = load(root)
        tasks = found.manifest.tasks if found.manifest else ()
        assert len(tasks) == expected.count("task")
        assert len({each.location.path for each in found.defects}) == len(expected) - len(tasks)
        assert len(found.origins) == len(tasks)
