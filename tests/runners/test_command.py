"""Commands of a project: what they print, how they end, and that nothing of them is left."""

import os
import signal
import subprocess
import sys
import time
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


LONG = {
    "silent": ("sleep 1000", ""),
    "talking": ("yes", "y\ny\n"),
    "deaf": ("trap '' TERM; echo here; while :; do sleep 1000; done", "here\n"),
    "silenced": ("exec >&- 2>&-; while :; do sleep 1000; done", ""),
}


WAYS = [(name, handles) for name in LONG for handles in (True, False)]


@pytest.mark.parametrize(("name", "handles"), WAYS)
def test_one_that_takes_too_long_is_ended_with_all_of_it(tmp_path, monkeypatch, name, handles):
    command, end = LONG[name]
    if not handles:
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    ended = run(f"exec 9>pipe; echo $$ >&9; {command}", tmp_path, limit=0.2)
    assert ended.exit_code == 124
    assert ended.end.endswith(f"{end}(it took longer than 0.2 s)")
    os.set_blocking(reader, True)
    assert os.read(reader, 100).strip().isdigit()
    assert os.read(reader, 1) == b""  # at its end when nobody has it open any more
    os.close(reader)


def test_who_listens_slowly_does_not_prolong_it(tmp_path):
    assert run("yes", tmp_path, lambda _: time.sleep(0.02), limit=0.2).exit_code == 124


def test_the_end_of_what_is_printed_is_kept(tmp_path):
    assert run("seq 1 100000", tmp_path).end.endswith("\n99999\n100000")
    assert len(run("seq 1 100000", tmp_path).end) < 5000
    assert run("printf '\\377 x'", tmp_path).end == "\ufffd x"


def test_nothing_waits_for_what_is_typed(tmp_path):
    assert run("cat; echo over", tmp_path).end == "over"


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
