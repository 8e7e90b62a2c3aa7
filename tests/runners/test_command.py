"""Commands of a project: what they print, how they end, and that nothing of them is left."""

import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from tests.checkout import ROOT
from vtm.runners.command import run

ENDS = {
    "well": ("echo one; echo two >&2", 0, b"one\ntwo\n"),
    "badly": ("printf x; exit 7", 7, b"x"),
    "killed": ("kill -9 $$", 137, b""),
    "silent-for-the-rest": ("exec >&- 2>&-; exit 3", 3, b""),
    "much": ("head -c 1000000 /dev/zero", 0, b"\0" * 1_000_000),
    "background": ("sleep 1000 & echo done", 0, b"done\n"),
    "flood-in-the-background": ("yes > /dev/null & echo done", 0, b"done\n"),
    "missing": ("no-such-program 2>/dev/null", 127, b""),
}


@pytest.mark.parametrize(("command", "code", "printed"), ENDS.values(), ids=ENDS)
def test_a_command_is_over_when_its_shell_is(tmp_path, command, code, printed):
    echoed = []
    ended = run(command, tmp_path, echoed.append)
    assert (ended.exit_code, b"".join(echoed)) == (code, printed)
    assert ended.digest == sha256(printed).hexdigest()


def test_without_process_handles_the_end_of_the_output_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    echoed = []
    assert run("echo one; exec >&- 2>&-; exit 4", tmp_path, echoed.append).exit_code == 4
    assert echoed == [b"one\n"]


@pytest.mark.skipif(os.name == "nt", reason="there are no groups of processes")
def test_an_interrupt_ends_all_of_a_command(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = (
        "import sys; from pathlib import Path; from vtm.runners.command import run;"
        f"run('exec 9>pipe; (trap \"\" TERM; sleep 1000) & echo begun; wait', Path({str(tmp_path)!r}), print)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, **streams) as process:
        reader = os.open(pipe, os.O_RDONLY)
        assert process.stdout.readline().strip() == b"b'begun\\n'"
        process.send_signal(signal.SIGINT)
        assert os.read(reader, 1) == b""  # at its end when nobody has it open any more
        os.close(reader)
    assert process.returncode
