"""Reading of task files: alone or by several processes with one result, whatever happens meanwhile."""

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from vtm.sources import reading_files
from vtm.sources.reading_files import read_files
from vtm.sources.task_files import list_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are doubled on POSIX only")

COUNT = 60
_START = """
import os, signal, sys, threading
from pathlib import Path
from vtm.sources import reading_files
from vtm.sources.task_files import list_files

root = Path(sys.argv[1])
wanted = list_files(root, "tasks").files
reading_files.os.cpu_count = lambda: 4
forks = []
real_fork, real_read = os.fork, reading_files._read_here

def read(few):
    reading_files._FEW = few
    found = reading_files.read_files(f"{root}/", wanted)
    return {name: kept and (kept.seen, kept.task, kept.defects) for name, kept in sorted(found.items())}

def fork():
    forks.append(real_fork())
    return forks[-1]

def in_child(what):
    parent = os.getpid()
    def read_here(*arguments):
        if os.getpid() != parent:
            what()
        return real_read(*arguments)
    reading_files._read_here = read_here

os.fork = fork
alone = read(10**9)
assert not forks and len(alone) == %d
""" % (COUNT + 3)  # noqa: UP031  the text has braces
_END = """
assert read(1) == alone
assert len(forks) == FORKS, forks
reading_files._read_here = real_read
try:
    os.waitpid(-1, os.WNOHANG)
    raise AssertionError("a child is left")
except ChildProcessError:
    pass
assert len(os.listdir("/dev/fd")) == FILES
"""

CASES = {
    "several": ("", 3),
    "killed": ("in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))", 3),
    "interrupted": ("in_child(lambda: os.kill(os.getpid(), signal.SIGINT))", 3),
    "failed": ("in_child(lambda: 1 / 0)", 3),
    "left": ("in_child(lambda: sys.exit(0))", 3),
    "collected-by-the-system": ("signal.signal(signal.SIGCHLD, signal.SIG_IGN)", 3),
    "no-more-processes": (
        "def fork(): raise BlockingIOError(11, 'Resource temporarily unavailable')\nos.fork = fork", 0),
    "other-threads": (
        "over = threading.Event()\nthreading.Thread(target=over.wait, daemon=True).start()", 0),
    "no-forks-here": ("del os.fork", 0),
}  # fmt: skip
_CUT = """
import msgspec
real = msgspec.msgpack.encode
msgspec.msgpack.encode = lambda value: real(value)[:-20]
"""


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "tasks"
    folder.mkdir()
    for at in range(COUNT):
        (folder / f"{at}.md").write_text(f"---\nid: T{at}\ntitle: é{at}\nstatus: Done\n---\n- [x] it works\n")
    (folder / "text.md").write_text("# Text\n")
    (folder / "broken.md").write_text("---\nid: [\n---\n")
    (folder / "dangling.md").write_bytes(b"---\nid: \xff\n---\n")
    return tmp_path


@pytest.mark.parametrize(("prepare", "forks"), [*CASES.values(), (_CUT, 3)], ids=[*CASES, "cut-short"])
def test_several_processes_find_what_one_finds(root, prepare, forks):
    files = "files = len(os.listdir('/dev/fd'))\nsys.stdout.write('written once')\n"
    end = _END.replace("FORKS", str(forks)).replace("FILES", "files")
    done = subprocess.run(
        [sys.executable, "-c", _START + files + textwrap.dedent(prepare) + end, str(root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "written once", "")


def test_a_process_with_threads_reads_alone(root, monkeypatch):
    monkeypatch.setattr(reading_files, "_FEW", 1)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("doubled with two threads"))
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert len(read(root)) == COUNT + 3
    finally:
        over.set()
        other.join()


def read(root, before=None):
    """What is found, after `before` has done something that the listing does not know of."""
    wanted = list_files(root, "tasks").files
    if before:
        before()
    return read_files(os.path.join(root, ""), wanted)  # noqa: PTH118  as the caller writes it


@pytest.fixture
def one(tmp_path):
    path = tmp_path / "tasks/a.md"
    path.parent.mkdir()
    path.write_text("---\nid: A\n---\n")
    return path


NEW = "---\nid: B\ntitle: a longer one\n---\n"


def another(path):
    path.with_name("new").write_text(NEW)
    path.with_name("new").replace(path)


BETWEEN = {
    "gone": (lambda path: path.unlink(), None),
    "rewritten": (lambda path: path.write_text(NEW), "B"),
    "replaced": (another, "B"),
    "shorter": (lambda path: path.write_text("---\nid: C\n---"), "C"),
    "no-task-now": (lambda path: path.write_text("# none"), ""),
    "emptied": (lambda path: path.write_text(""), ""),
    "folder": (lambda path: (path.unlink(), path.mkdir()), "cannot be read: is a directory"),
    "pipe": (lambda path: (path.unlink(), os.mkfifo(path)), "cannot be read: not a regular file"),
    "link-to-itself": (
        lambda path: (path.unlink(), path.symlink_to(path.name)),
        "cannot be read: too many levels of symbolic links",
    ),
    "its-folder-is-gone": (lambda path: (path.unlink(), path.parent.rmdir()), None),
    "its-folder-is-a-file": (
        lambda path: (path.unlink(), path.parent.rmdir(), path.parent.touch()),
        "cannot be read: not a directory",
    ),
}


@pytest.mark.parametrize(("change", "expected"), BETWEEN.values(), ids=BETWEEN)
def test_what_changes_between_listing_and_reading(one, change, expected):
    (found,) = read(one.parents[1], lambda: change(one)).values()
    if expected is None:
        assert found is None
    elif len(expected) > 1:
        assert [each.message for each in found.defects] == [f"tasks/a.md {expected}"]
        assert (found.task, found.read_at) == (None, 0)
    else:
        assert (found.task.task_id if found.task else "", found.defects) == (expected, ())


@pytest.mark.parametrize("times", [1, 2, 3, 9])
@pytest.mark.parametrize("change", [another, lambda path: path.write_text(NEW + "x" * path.stat().st_size)])
def test_what_changes_while_it_is_read(one, monkeypatch, change, times):
    real, left = os.read, [times]

    def read_and_change(handle, size):
        data = real(handle, size)
        if left[0]:
            left[0] -= 1
            change(one)
        return data

    monkeypatch.setattr(os, "read", read_and_change)
    (found,) = read(one.parents[1]).values()
    monkeypatch.undo()
    if found.task is None:
        assert [each.message for each in found.defects] == ["tasks/a.md changes while it is read"]
        assert found.read_at == 0
    else:
        (again,) = read(one.parents[1]).values()
        assert found.task == again.task


_WRITER = """
import itertools, os, sys
from pathlib import Path
path, safely = Path(sys.argv[1]), sys.argv[2] == "safely"
for at in itertools.count():
    text = f"---\\nid: A\\ntitle: '{at}'\\nname: '{at}'\\n---\\n" + f"- [ ] {at}\\n" * 3000
    if safely:
        path.with_name("new").write_text(text)
        path.with_name("new").replace(path)
    else:
        path.write_text(text)
"""


@pytest.mark.parametrize("how", ["safely", "in place"])
def test_a_file_that_somebody_writes_all_the_time(one, how):
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(one), how])
    whole, first = 0, one.stat().st_size
    try:
        while one.stat().st_size <= first:
            assert writer.poll() is None
        for _ in range(40):
            for found in read(one.parents[1]).values():
                # what is written in place may be seen at a moment when it is cut short, and is reported then
                if found and found.task and found.task.acceptance_criteria:
                    texts = {each.text for each in found.task.acceptance_criteria}
                    assert how != "safely" or texts == {found.task.title} or found.task.title == ""
                    whole += len(texts) == 1
    finally:
        writer.kill()
        writer.wait()
    assert whole or how != "safely"
    another(one)
    (found,) = read(one.parents[1]).values()
    assert (found.task.task_id, found.defects) == ("B", ())


def test_a_file_that_is_larger_than_a_piece(one):
    one.write_text("---\nid: A\n---\n" + "x" * (3 << 20))
    small = one.stat().st_size - 1
    wanted = {
        name: seen._replace(size=small) for name, seen in list_files(one.parents[1], "tasks").files.items()
    }
    (found,) = read_files(f"{one.parents[1]}/", wanted).values()
    assert len(found.task.description) == 3 << 20
    assert Path(one).stat().st_size == found.seen.size


def test_a_file_that_nobody_can_have_written(one):
    with one.open("ab") as file:
        file.truncate(10 << 40)
    (found,) = read(one.parents[1]).values()
    assert [each.message for each in found.defects] == ["tasks/a.md cannot be read: larger than 64 megabytes"]
