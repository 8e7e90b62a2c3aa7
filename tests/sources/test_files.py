"""Bytes of files, and of what is no file."""

import os
import socket
from pathlib import Path

import pytest

from vtm.model.finding import Damage, Defect, Location
from vtm.sources.files import Missing, read_bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Everything that can stand where a file should."""
    at = tmp_path_factory.mktemp("files")
    (at / "file").write_bytes(b"\0\xff")
    (at / "empty").touch()
    (at / "folder").mkdir()
    (at / "link").symlink_to("file")
    (at / "dangling").symlink_to("nothing")
    (at / "loop").symlink_to("loop")
    os.mkfifo(at / "pipe")
    return at


@pytest.mark.parametrize(("name", "data"), [("file", b"\0\xff"), ("link", b"\0\xff"), ("empty", b"")])
def test_a_file_is_read_as_it_is(folder, name, data):
    assert read_bytes(folder / name, name) == data


@pytest.mark.parametrize("name", ["nothing", "nothing/at/all", "dangling"])
def test_what_is_not_there_is_missing(folder, name):
    assert isinstance(read_bytes(folder / name, name), Missing)


REFUSED = {
    "folder": ("folder", "is a directory", "put the file in its place"),
    "pipe": ("pipe", "is not a regular file", "put the file in its place"),
    "loop": ("loop", "cannot be read: too many levels of symbolic links", "make it readable"),
    "below-a-file": ("file/x", "cannot be read: not a directory", "make it readable"),
    "long": ("x" * 300, "cannot be read: file name too long", "make it readable"),
    "nul": ("a\0b", "cannot be the name of a file", "correct the name"),
}


@pytest.mark.parametrize(("name", "problem", "fix"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_file_is_a_defect_and_nothing_is_waited_for(folder, name, problem, fix):
    assert read_bytes(folder / name, name) == Defect(
        Damage.UNREADABLE, f"{name} {problem}", Location(name, 1, 1), fix
    )


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no sockets in folders")
def test_a_socket_is_no_file(folder, monkeypatch):
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        found = read_bytes(Path("socket"), "socket")
    assert isinstance(found, Defect)
    assert found.message == "socket is not a regular file"


@pytest.mark.parametrize(("reason", "said"), [("Permission denied", "permission denied"), (None, "failed")])
def test_a_file_that_the_system_keeps_from_us_is_a_defect(folder, monkeypatch, reason, said):
    def refuse(path):
        raise OSError(13, reason) if reason else OSError("?")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = read_bytes(folder / "file", "file")
    assert isinstance(found, Defect)
    assert found.message == f"file cannot be read: {said}"


@pytest.mark.usefixtures("bound_by_permissions")
def test_a_file_without_permission_is_a_defect(tmp_path):
    (tmp_path / "file").touch(0)
    found = read_bytes(tmp_path / "file", "file")
    assert isinstance(found, Defect)
    assert found.message == "file cannot be read: permission denied"
