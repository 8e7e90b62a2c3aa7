"""Standard output that cannot be written, in this process; `test_streams` has the real ones."""

import errno
import io
import os
import sys

import pytest

from tests.cli.test_commands import words
from vtm.cli.answering import terminal
from vtm.cli.main import run
from vtm.rendering.render import Terminal


class Refusing(io.BufferedIOBase):
    """A file that takes nothing, or nothing to the end."""

    def __init__(self, file, number, at):
        super().__init__()
        self._file = file
        self._error = OSError(number, os.strerror(number))
        self._at = at

    def writable(self):
        return True

    def fileno(self):
        return self._file.fileno()

    def _refuse(self, at):
        if at == self._at:
            raise self._error

    def write(self, data):
        self._refuse("write")
        return len(data)

    def flush(self):
        if not self.closed:
            self._refuse("flush")


@pytest.fixture
def refusing(tmp_path, monkeypatch):
    """A function that makes standard output refuse with an error number."""
    with (tmp_path / "out").open("wb") as file:

        def refuse(number, at):
            stream = io.TextIOWrapper(Refusing(file, number, at), "utf-8")
            monkeypatch.setattr(sys, "stdout", stream)
            opened.append(stream.buffer)

        opened = []
        yield refuse
        for each in opened:
            each._at = ""
        monkeypatch.undo()


@pytest.mark.parametrize("at", ["write", "flush"])
@pytest.mark.parametrize("command", ["list", "next --json", "show NOPE --json"])
@pytest.mark.parametrize(("number", "code"), [(errno.EPIPE, 0), (errno.ENOSPC, 5), (errno.EIO, 5)])
def test_refused(number, code, command, at, sample, refusing, capsys):
    refusing(number, at)
    assert run(["-C", str(sample), *words(command)]) == code
    said = capsys.readouterr().err
    assert said.startswith("vtm: standard output cannot be written: ") == (code == 5)
    assert bool(said) == (code == 5)


def test_closed_streams_swallow_everything(sample, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["-C", str(sample), "next"]) == 0
    assert run(["-C", str(sample), "show", "NOPE"]) == 2
    sys.stdout.close()
    sys.stderr.close()


class Tty(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (io.StringIO(), {}, Terminal()),
        (Tty(), {}, Terminal(interactive=True, decorated=True, width=66)),
        (Tty(), {"NO_COLOR": ""}, Terminal(interactive=True, decorated=True, width=66)),
        (Tty(), {"NO_COLOR": "0"}, Terminal(interactive=True, width=66)),
        (Tty(), {"TERM": "dumb"}, Terminal(interactive=True, width=66)),
    ],
    ids=["file", "terminal", "empty-no-color", "no-color", "dumb"],
)
def test_terminal(stream, environment, expected, monkeypatch):
    for name, value in ({"COLUMNS": "66", "TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    assert terminal() == expected


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed")
def test_folder_that_is_gone(tmp_path, monkeypatch, capsys):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(["next"]) == 2
    assert "Invalid value for -C: '.' is not a directory." in capsys.readouterr().err
