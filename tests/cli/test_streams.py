"""What real processes of vtm write to pipes, files and terminals."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, call, environment
from tests.cli.test_commands import words
from tests.projects import put, task, write

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
BAR = re.compile(r"[█░]{10}")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def at_a_terminal(folder, *arguments, **env):
    """What vtm writes to a terminal of 100 columns, and its exit code."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    env = environment(TERM="xterm", COLUMNS="100", NO_COLOR=None) | env
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    with subprocess.Popen([*COMMAND, *arguments], cwd=folder, env=env, **streams) as process:
        os.close(theirs)
        written = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
    return written.decode().replace("\r\n", "\n"), process.returncode


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the process has ended
        return b""


@pytest.fixture
def many(tmp_path):
    """A project whose list is longer than any pipe."""
    return write(tmp_path / "many", [task(f"A--T{number:05}") for number in range(3000)], {})


@posix
@pytest.mark.parametrize("command", ["status", "validate", "report", "pulse", "next", "show NOPE"])
def test_terminal_shows_colours_and_nothing_else_that_it_obeys(command, hostile):
    text, _ = at_a_terminal(hostile, *words(command))
    assert "\x1b" not in COLOUR.sub("", text)
    assert bool(COLOUR.search(text)) == (command != "show NOPE")
    plain = call(hostile, *words(command))
    assert BAR.sub("", COLOUR.sub("", text)).split() == (plain.stdout + plain.stderr).decode().split()


@posix
def test_terminal_shows_a_bar_for_each_phase(sample):
    text, code = at_a_terminal(sample, *words("status"))
    phases, _, rest = text.partition("Slices:")
    assert code == 0
    assert [bool(BAR.search(line)) for line in phases.splitlines()] == [False, False, True, True]
    assert not BAR.search(rest)


@posix
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["no-color", "dumb"])
@pytest.mark.parametrize("command", ["status", "validate"])
def test_plain_at_a_terminal(command, env, sample):
    text, code = at_a_terminal(sample, *words(command), **env)
    plain = call(sample, *words(command))
    assert (text, code) == (plain.stdout.decode(), plain.returncode)
    assert "\x1b" not in text


@posix
def test_empty_no_color_is_not_set(sample):
    assert COLOUR.search(at_a_terminal(sample, *words("validate"), NO_COLOR="")[0])


@posix
def test_json_is_indented_at_a_terminal(sample):
    text, _ = at_a_terminal(sample, *words("next --json"))
    assert text.startswith('{\n  "schema": "vtm.next/1",\n')
    assert json.loads(text) == json.loads(call(sample, *words("next --json")).stdout)


@pytest.mark.parametrize("command", ["validate", "report", "blocked", "graph show", "next --json"])
def test_another_hash_seed_changes_nothing(command, sample):
    one, two = (call(sample, *words(command), env={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert (one.stdout, one.stderr, one.returncode) == (two.stdout, two.stderr, two.returncode)
    assert one.stdout


@posix
@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize("arguments", ["list", "list --json", "graph show --format dot"])
def test_head(arguments, many):
    line = f'set -o pipefail; "$@" {arguments} | head -c 9'
    done = subprocess.run(
        ["bash", "-c", line, "-", *COMMAND], cwd=many, env=environment(), capture_output=True, check=False
    )
    assert (len(done.stdout), done.stderr, done.returncode) == (9, b"", 0)


@posix
@pytest.mark.parametrize(
    "command", ["list", "list --json", "next", "show NOPE --json", "pulse --watch", "validate --format sarif"]
)
def test_nobody_reads(command, many):
    reading, writing = os.pipe()
    os.close(reading)
    done = call(many, *words(command), stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize("command", ["--help", "--version"])
def test_nobody_reads_help(command, sample):
    reading, writing = os.pipe()
    os.close(reading)
    done = call(sample, command, stdout=writing)
    os.close(writing)
    assert done.stderr == b""


@posix
def test_nobody_reads_errors(sample):
    reading, writing = os.pipe()
    os.close(reading)
    done = call(sample, "show", "NOPE", stderr=writing)
    os.close(writing)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["list", "next --json", "show NOPE --json"])
def test_full_disk(command, many):
    with Path("/dev/full").open("wb") as full:
        done = call(many, *words(command), stdout=full)
    assert done.returncode == 5
    assert done.stderr.decode().splitlines() == [
        "vtm: standard output cannot be written: no space left on device",
        "     fix: write it to another place",
    ]


@posix
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0)])
@pytest.mark.parametrize("command", ["next", "next --json", "--help"])
def test_closed_stream(command, closed, code, sample):
    line = f'"$@" {command} {closed}'
    done = subprocess.run(
        ["sh", "-c", line, "-", *COMMAND], cwd=sample, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, b"")


ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize("command", ["list", "next --json", "show Ü--T02", "show Ü--T02 --json", "--help"])
def test_locale_without_umlauts(command, tmp_path):
    write(tmp_path, [task("Ü--T01", "Größe: 日本語 😀", related_specs=["docs/specs/größe.md"])])
    put(tmp_path, "docs/specs/größe.md", "")
    plain, bare = (call(tmp_path, *words(command), env=env) for env in ({}, ASCII))
    assert plain.stdout == bare.stdout
    assert plain.returncode == bare.returncode
    assert b"Traceback" not in bare.stderr
    if command in {"list", "next --json"}:
        assert "Größe: 日本語 😀" in plain.stdout.decode()


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8")
@pytest.mark.parametrize("form", ["text", "json"])
def test_bytes_that_are_no_text(form, tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff"
    os.mkdir(folder)  # noqa: PTH102  a Path holds no bytes
    for arguments in (["config"], ["next"], ["init"], ["show", b"\xfe"], ["validate", b"\xfe"]):
        done = call(folder, *arguments, "--format", form)
        assert done.returncode in {0, 2, 3}
        assert b"Traceback" not in done.stderr
        if form == "json":
            assert json.loads(done.stdout)


def test_removed_folder(tmp_path):
    done = call(tmp_path, "-C", "gone", "next", "--json")
    assert (done.returncode, json.loads(done.stdout)["code"]) == (2, "USAGE")


@posix
def test_started_in_a_removed_folder(tmp_path):
    (tmp_path / "gone").mkdir()
    line = 'rmdir ../gone && "$@" next'
    done = subprocess.run(
        ["sh", "-c", line, "-", *COMMAND],
        cwd=tmp_path / "gone",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("vtm: Invalid value for -C: '.' is not a directory.\n")
