"""The index of task files: it saves time, is never wrong, and nothing that happens to it is noticed."""

import os
import random
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtm.sources import index, reading_files
from vtm.sources.index import NAME, Kept, load_index, save_index
from vtm.sources.markdown import MarkdownTasks
from vtm.sources.task_files import Seen

OLD = 1_600_000_000 * 10**9 + 123_456_789
"""A time in the past that has fractions of a second."""


@pytest.fixture
def root(tmp_path):
    """Three tasks, one text and one file that cannot be read."""
    for name in ("A", "B", "C"):
        write(tmp_path, name)
    (tmp_path / "tasks/text.md").write_text("# Text\n")
    (tmp_path / "tasks/broken.md").write_text("---\nid: [\n---\n")
    return tmp_path


def write(root, name, title="one", at=OLD):
    path = root / f"tasks/{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\nid: {name}\ntitle: {title}\n---\n- [x] AC01 it works\n")
    os.utime(path, ns=(at, at))
    return path


def load(root, folder="tasks"):
    return MarkdownTasks(root, folder, root / "runtime").load(thorough=True)


def titles(root):
    return {each.task_id: each.title for each in load(root).manifest.tasks}


@pytest.fixture
def opened(monkeypatch):
    """The names of files that are read."""
    names = []
    real = os.open

    def spy(path, *rest, **more):
        if str(path).endswith(".md"):
            names.append(Path(path).name)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", spy)
    return names


@pytest.fixture
def _later(monkeypatch):
    """A clock that is past the grain of all that has just been written."""
    real = reading_files.time.time_ns
    monkeypatch.setattr(reading_files.time, "time_ns", lambda: real() + 10 * 10**9)


@pytest.mark.usefixtures("_later")
def test_what_has_not_changed_is_not_opened_again(root, opened):
    first = load(root)
    assert sorted(opened) == ["A.md", "B.md", "C.md", "broken.md", "text.md"]
    opened.clear()
    assert load(root) == first
    assert opened == []


def same_size(root, path):
    path.write_text(path.read_text().replace("one", "two"))


def same_size_and_time(root, path):
    before = path.stat()
    same_size(root, path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def older(root, path):
    same_size(root, path)
    os.utime(path, ns=(OLD - 10**12, OLD - 10**12))


def another_inode(root, path):
    other = root / "other"
    other.write_text(path.read_text().replace("one", "two"))
    os.utime(other, ns=(OLD, OLD))
    other.replace(path)


def another_size(root, path):
    path.write_text(path.read_text().replace("one", "two") + "\n")
    os.utime(path, ns=(OLD, OLD))


CHANGES = (same_size, same_size_and_time, older, another_inode, another_size)


@pytest.mark.skipif(sys.platform == "win32", reason="the time of a change of state is one of POSIX")
@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_is_read_again_and_no_other(root, opened, change):
    assert titles(root)["B"] == "one"
    opened.clear()
    change(root, root / "tasks/B.md")
    assert titles(root) == {"A": "one", "B": "two", "C": "one"}
    assert opened == ["B.md"]


GRAINS = {
    "fine": (OLD, 49_000_000, 51_000_000),
    "coarse": (OLD // 10**9 * 10**9, 1_999_000_000, 2_001_000_000),
}


@pytest.mark.parametrize("which", ["mtime_ns", "ctime_ns"])
@pytest.mark.parametrize(("at", "near", "far"), GRAINS.values(), ids=GRAINS)
def test_what_was_read_too_near_to_its_change_is_not_trusted(which, at, near, far):
    seen = Seen(1, OLD - 10**15, OLD - 10**15, 1)._replace(**{which: at})
    assert not Kept(seen, at + near, None).is_of(seen)
    assert Kept(seen, at + far, None).is_of(seen)
    assert not any(Kept(seen, at + far, None).is_of(seen._replace(**{field: 7})) for field in Seen._fields)


@pytest.mark.parametrize("restored", [False, True])
def test_changes_one_after_the_other_are_all_seen(root, restored):
    path = root / "tasks/B.md"
    for at in range(100, 160):
        path.write_text(f"---\nid: B\ntitle: v{at}\n---\n")
        if restored:
            os.utime(path, ns=(OLD, OLD))
        assert titles(root)["B"] == f"v{at}"


@pytest.mark.usefixtures("_later")
def test_files_that_come_go_and_are_renamed(root, opened):
    load(root)
    write(root, "D")
    (root / "tasks/A.md").unlink()
    (root / "tasks/B.md").rename(root / "tasks/E.md")
    opened.clear()
    assert titles(root) == {"C": "one", "D": "one", "B": "one"}
    assert sorted(opened) == ["D.md", "E.md"]
    opened.clear()
    assert list(titles(root)) == ["C", "D", "B"]
    assert opened == []
    for name in ("C", "D", "E", "text", "broken"):
        (root / f"tasks/{name}.md").unlink()
    assert load(root).missing


def test_the_index_is_written_only_where_something_changed(root, monkeypatch):
    real = reading_files.time.time_ns
    monkeypatch.setattr(reading_files.time, "time_ns", lambda: real() + 10 * 10**9)
    load(root)
    before = (root / "runtime" / NAME).stat()
    load(root)
    after = (root / "runtime" / NAME).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [each.name for each in (root / "runtime").iterdir()] == [NAME]


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-7])


def emptied(path):
    path.write_bytes(b"")


def only_the_check(path):
    path.write_bytes(path.read_bytes()[:4])


def another_format(path):
    path.write_bytes(b"\0\0\0\0" + b"\x93\x01\x02\x03")


def another_version(path):
    body = path.read_bytes()[4:].replace(b"(1, ", b"(0, ", 1)
    path.write_bytes(index.crc32(body).to_bytes(4, "big") + body)


def another_shape(path):
    body = msgspec.msgpack.encode([index._MADE_BY, "tasks", {"tasks/A.md": [[1, 2, 3], 0]}])
    path.write_bytes(index.crc32(body).to_bytes(4, "big") + body)


def nested(path):
    body = b"\x91" * 100_000
    path.write_bytes(index.crc32(body).to_bytes(4, "big") + body)


def no_utf8(path):
    body = path.read_bytes()[4:].replace(b"one", b"o\xffe", 1)
    path.write_bytes(index.crc32(body).to_bytes(4, "big") + body)


def of_another_folder(path):
    body = path.read_bytes()[4:].replace(b"\xa5tasks", b"\xa5other", 1)
    path.write_bytes(index.crc32(body).to_bytes(4, "big") + body)


def folder_in_its_place(path):
    path.unlink()
    path.mkdir()
    (path / "x").touch()


def removed(path):
    path.unlink()


def file_in_place_of_its_folder(path):
    path.unlink()
    path.parent.rmdir()
    path.parent.touch()


def link_to_nothing(path):
    path.unlink()
    path.symlink_to("gone")


WRONG = (
    cut_short,
    emptied,
    only_the_check,
    another_format,
    another_version,
    another_shape,
    nested,
    no_utf8,
    of_another_folder,
    folder_in_its_place,
    removed,
    file_in_place_of_its_folder,
    link_to_nothing,
)


@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize("harm", WRONG)
def test_whatever_happens_to_the_index_the_answer_is_the_same(root, opened, harm, capfd):
    first = load(root)
    harm(root / "runtime" / NAME)
    opened.clear()
    assert load(root) == first
    assert len(opened) == 5
    assert load(root) == first
    opened.clear()
    assert load(root) == first
    kept = harm not in {folder_in_its_place, file_in_place_of_its_folder}
    assert len(opened) == (0 if kept else 5)
    assert capfd.readouterr() == ("", "")
    assert (root / "tasks/A.md").exists()


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4))
@settings(suppress_health_check=list(HealthCheck))
def test_no_flipped_bit_is_believed(tmp_path_factory, flips):
    root = tmp_path_factory.mktemp("flips")
    write(root, "A")
    first = load(root)
    path = root / "runtime" / NAME
    data = bytearray(path.read_bytes())
    for share, mask in flips:
        data[int(share * len(data))] ^= mask
    path.write_bytes(data)
    assert load(root) == first


def test_another_folder_has_no_use_for_it(root):
    load(root)
    (root / "other").mkdir()
    (root / "other/x.md").write_text("---\nid: X\n---\n")
    assert [each.task_id for each in load(root, "other").manifest.tasks] == ["X"]
    assert len(load(root).manifest.tasks) == 3


@pytest.mark.parametrize("call", ["mkdir", "write_bytes", "replace"])
def test_where_nothing_can_be_written_the_answer_is_the_same(root, monkeypatch, call):
    first = load(root)
    (root / "runtime" / NAME).unlink()

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, call, refuse)
    assert load(root) == first
    assert not (root / "runtime" / NAME).exists()
    assert [each.name for each in (root / "runtime").iterdir()] == []


@pytest.mark.usefixtures("bound_by_permissions")
def test_a_folder_that_is_read_only(root):
    (root / "runtime").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert load(root) == load(root)


def test_what_is_saved_is_loaded(tmp_path):
    kept = {"tasks/ü\n.md": Kept(Seen(1, 2, 3, 4), 5, None)}
    save_index(tmp_path / "a/b", "tasks", kept)
    assert load_index(tmp_path / "a/b", "tasks") == kept
    assert load_index(tmp_path / "a/b", "other") == {}


_READER = """
    import sys, time
    from pathlib import Path
    from vtm.sources.markdown import MarkdownTasks
    root = Path(sys.argv[1])
    number = lambda: int((root / "number").read_text() or -1)
    answers = 0
    while not (root / "stop").exists() or not answers:
        low = number()
        found = MarkdownTasks(root, "tasks", root / "runtime").load(thorough=False)
        high = number() + 1
        tasks = {each.task_id: each.title for each in found.manifest.tasks}
        assert not found.defects, found.defects
        assert len(tasks) == 20, tasks
        # each file is replaced by the next number only once all of them have the one before
        assert all(low <= int(each) <= high for each in tasks.values()), (low, tasks, high)
        answers += 1
    print(answers)
"""


def test_many_readers_while_files_change(tmp_path):
    def change(number):
        for name in range(20):
            temporary = tmp_path / "next"
            temporary.write_text(f"---\nid: T{name}\ntitle: '{number:06}'\n---\n")
            os.utime(temporary, ns=(OLD, OLD))
            temporary.replace(tmp_path / f"tasks/{name}.md")
        temporary = tmp_path / "next-number"
        temporary.write_text(str(number))
        temporary.replace(tmp_path / "number")

    (tmp_path / "tasks").mkdir()
    change(0)
    command = [sys.executable, "-c", textwrap.dedent(_READER), str(tmp_path)]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)
    ]
    for number in range(1, 60):
        change(number)
        if random.random() < 0.1:
            (tmp_path / "runtime" / NAME).unlink(missing_ok=True)
    (tmp_path / "stop").touch()
    for reader in readers:
        out, error = reader.communicate(timeout=120)
        assert error == ""
        assert int(out) > 0
    assert set(titles(tmp_path).values()) == {"000059"}
    assert load_index(tmp_path / "runtime", "tasks").keys() == {f"tasks/{at}.md" for at in range(20)}
    assert [each.name for each in (tmp_path / "runtime").iterdir()] == [NAME]
