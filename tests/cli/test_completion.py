"""`vtm completion`."""

import os
import shutil
import subprocess

import pytest

from tests.cli.processes import COMMAND, environment
from tests.cli.test_commands import checked
from tests.repositories import vtm


def _bash():
    """Whether there is a bash that click's script needs: 4.4 or newer."""
    found = shutil.which("bash")
    if not found:
        return False
    test = "((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404))"
    return subprocess.run([found, "-c", test], check=False).returncode == 0


needs_bash = pytest.mark.skipif(not _bash(), reason="needs bash 4.4 or newer")

ASK = r"""
eval "$(vtm completion bash)"
declared=$(complete -p vtm)
[[ $declared =~ -F\ ([^ ]+) ]]
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"${BASH_REMATCH[1]}" vtm
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def completed(tmp_path):
    """A function that gives what bash offers for the words of a line; the last one is being typed."""
    command = tmp_path / "bin" / "vtm"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {" ".join(map(repr, COMMAND))} "$@"\n', "utf-8")
    command.chmod(0o755)
    path = os.pathsep.join([str(command.parent), os.environ["PATH"]])

    def complete(*words):
        done = subprocess.run(
            ["bash", "-c", ASK, "-", *words],
            cwd=tmp_path,
            env=environment(PATH=path),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split()

    return complete


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script(shell, tmp_path):
    text, data = vtm(tmp_path, "completion", shell), checked(vtm(tmp_path, "completion", shell, "--json"))
    assert text.code == 0
    assert text.err == "" or (shell == "bash" and not _bash())  # click says that such a bash is too old
    assert data["shell"] == shell
    assert data["script"].rstrip("\n") == text.out.rstrip("\n")
    assert f"_VTM_COMPLETE={shell}_complete" in text.out


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["vtm", "ne"], ["next"]),
        (["vtm", "co"], ["commit-msg", "compat", "complete", "completion", "config", "context", "convert"]),
        (["vtm", "graph", "r"], ["risk", "risk-path"]),
        (["vtm", "list", "--status", ""], ["pending", "in-progress", "blocked", "completed", "abandoned"]),
        (["vtm", "validate", "--format", "s"], ["sarif"]),
        (["vtm", "graph", "shw", "s"], ["show"]),
    ],
    ids=lambda value: " ".join(value) if value[:1] == ["vtm"] else "",
)
def test_bash_offers(words, offered, completed):
    assert completed(*words) == offered


@needs_bash
def test_bash_offers_options(completed):
    assert {"--startable", "--phase", "--slice", "--risk", "--format", "--json", "--now", "--help"} <= set(
        completed("vtm", "next", "--")
    )


@needs_bash
def test_bash_stays_calm_after_a_command_that_does_not_exist(completed):
    assert "next" in completed("vtm", "nxt", "")
