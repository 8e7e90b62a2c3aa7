"""What holds for every command: help, forms of output, failures, exit codes."""

import json
import re
import shlex
import shutil

import click
import pytest

from tests.cli.test_commands import ANALYSES, CASES, checked, words
from tests.projects import NOW, put, task, write
from tests.repositories import commit, git, vtm
from tests.sessions import keep, session
from vtm import __version__
from vtm.cli import EVENTS
from vtm.cli.commands import status
from vtm.cli.main import main, run


def commands(group=main, path=()):
    """Every command that answers, and every group, by the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands())
ANSWERING = [path for path, command in ALL.items() if not isinstance(command, click.Group)]


def test_all_commands_are_there():
    assert {" ".join(path) for path in ANSWERING} == {
        *("validate", "preflight", "next", "blocked", "why", "pulse", "status", "list", "show", "graph show"),
        *("report", "explain", "rules", "schema", "config", "completion", "init", "compat vtm-status"),
        *("start", "heartbeat", "release", "ac", "note", "attempt", "complete", "block", "unblock"),
        *("abandon", "reopen", "reset", "waive", "read", "undo", "log", "replay", "doctor", "migrate"),
        *(f"graph {name}" for name in ANALYSES),
        *("import", "export", "mcp"),
        *("reconcile", "ingest", "rehash", "sync", "git-merge", "hook pre-commit"),
        *(f"hook {name}" for name in EVENTS),
        *("add", "edit", "fmt", "convert"),
        *("context", "handoff", "prescan", "prompt", "report-back"),
        *("plan", "waves", "aar"),
        *(
            f"batch {name}"
            for name in ("lock", "list", "start", "complete", "finish", "status", "reset", "resume")
        ),
        *("checkpoint create", "checkpoint list", "checkpoint show", "checkpoint rollback", "phase"),
        *("context", "prescan", "commit-msg", "hook commit-msg", "hook prepare-commit-msg"),
        "merge",
        *("run", "spawn", "sessions", "message", "abort", "logs", "notify", "inbox"),
        *(f"worktree {name}" for name in ("make", "list", "current", "status", "cleanup", "rescue")),
    }


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_has_an_example(path, tmp_path):
    answer = vtm(tmp_path, *path, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert f"vtm {' '.join(path)}" in answer.out.partition("Example:")[2]
    if path in ANSWERING:
        assert {"--json", "--format", "--now", "--help"} <= set(re.findall(r"--\w+", answer.out))


EXAMPLES = sorted(
    {line.strip() for each in [main, *ALL.values()] for line in each.help.splitlines() if "  vtm " in line}
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_works(example, sample, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("VTM_SESSION", "AUTH--T02:1")
    put(sample, "proposals.json", "[{}]")
    put(sample, "report.json", '{"task_id": "AUTH--T02", "status": "completed"}')
    handoff = {name: [name] for name in ("done", "files", "next", "constraints", "tests")}
    put(sample, "handoff.json", json.dumps(handoff))
    put(sample, ".beads/issues.jsonl", '{"id": "bd-1", "title": "Do it"}\n')
    git(sample, "init", "-q", "-b", "main")
    commit(sample)
    assert vtm(sample, "batch", "lock", "--size", "3").code == 0
    keep(sample, session("AUTH--T02"))
    assert vtm(sample, "checkpoint", "create", "phase-1").code == 0
    call = re.split(r"  the | what |[|<>;]", example)[0]
    _, *arguments = shlex.split(call.replace("my-project", str(sample)))
    starting = arguments[0] in {"run", "spawn"}
    if starting:  # real agents, where there are any
        put(sample, "bin/git", "").unlink()
        (sample / "bin/git").symlink_to(shutil.which("git"))
        monkeypatch.setenv("PATH", str(sample / "bin"))
    answer = vtm(sample, *arguments)
    assert answer.code in {0, 1, 4, *({5} if starting else ())}, answer.err


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_vtm(option, tmp_path):
    answer = vtm(tmp_path, option)
    assert (answer.code, answer.err) == (0, "")
    shown = answer.out.partition("Look at the backlog:")[2]
    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("  ")]
    assert sorted(listed) == sorted({path[0] for path in ALL})
    assert "..." not in shown
    assert "Others:" not in shown


def test_version(tmp_path):
    assert vtm(tmp_path, "--version") == (0, f"vtm {__version__}\n", "")


@pytest.mark.parametrize("group", [[], ["graph"], ["compat"]])
def test_without_a_command_help_is_shown(group, monkeypatch, capsys):
    assert run(group) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Usage: {' '.join(['vtm', *group])} [OPTIONS] COMMAND")
    assert "fix:" not in err
    monkeypatch.setenv("VTM_FORMAT", "json")
    assert run(group) == 2
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out)["message"] == "Missing command."


@pytest.mark.parametrize(
    "arguments",
    [
        ["next", "--json"],
        ["--json", "next"],
        ["--json", "next", "--json"],
        ["next", "--format", "json"],
        ["next", "--format=json"],
        ["--json", "next", "--format=json"],
    ],
    ids=" ".join,
)
def test_ways_to_ask_for_json(arguments, sample, monkeypatch):
    monkeypatch.setenv("VTM_FORMAT", "text")
    asked = vtm(sample, *arguments)
    monkeypatch.setenv("VTM_FORMAT", "json")
    assert asked == vtm(sample, "next")
    assert checked(asked)["task_id"] == "AUTH--T03"


@pytest.mark.parametrize(
    "arguments",
    [
        ["next", "--json", "--format", "text"],
        ["next", "--format=text", "--json"],
        ["--json", "next", "--format", "text"],
    ],
    ids=" ".join,
)
def test_contradiction(arguments, sample):
    answer = vtm(sample, *arguments)
    assert (answer.code, answer.err) == (2, "")
    assert checked(answer)["message"] == "--json and --format text contradict each other."


@pytest.mark.parametrize(
    ("arguments", "default", "asks"),
    [
        ("show nope --format text", "json", False),
        ("show nope --format text --format json", "text", True),
        ("show --format json -- --format text", "text", True),
        ("show -- --json", "text", False),
        ("show nope --format=json", "text", True),
        ("show nope --format=text", "json", False),
        ("show nope --format", "json", False),
        ("validate --format github nope", "json", False),
        ("show nope", "github", False),
    ],
)
def test_form_of_a_failure(arguments, default, asks, sample, monkeypatch):
    monkeypatch.setenv("VTM_FORMAT", default)
    answer = vtm(sample, *arguments.split())
    assert answer.code in {2, 3}
    assert (bool(answer.out), bool(answer.err)) == (asks, not asks)


def test_default_format_is_for_the_commands_that_have_it(sample, monkeypatch):
    text, github = vtm(sample, *words("next")), vtm(sample, *words("validate --format github"))
    monkeypatch.setenv("VTM_FORMAT", "github")
    assert vtm(sample, *words("next")) == text
    assert vtm(sample, *words("validate")) == github
    assert vtm(sample, *words("next --format text")) == text


def test_unknown_default_format(sample, monkeypatch):
    asked = vtm(sample, "next", "--json")
    monkeypatch.setenv("VTM_FORMAT", "xml")
    answer = vtm(sample, "next")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("vtm: VTM_FORMAT is 'xml'; it can be text, json, github, sarif, junit.\n")
    assert vtm(sample, "next", "--json") == vtm(sample, "next", "--format=json") == asked


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("command", [command for command, _ in CASES.values()])
def test_same_inputs_same_bytes(command, form, sample):
    assert vtm(sample, *words(command), *form) == vtm(sample, *words(command), *form)


def test_works_from_any_folder_below_the_root(sample):
    assert vtm(sample / "docs" / "specs", *words("report")) == vtm(sample, *words("report"))


@pytest.mark.parametrize(
    "moment", ["2026-03-10T12:00:00Z", "2026-03-10T14:00:00+02:00", "2026-03-10 12:00:00"]
)
def test_now(moment, sample):
    assert vtm(sample, "pulse", "--now", moment) == vtm(sample, "pulse", "--now", NOW)


@pytest.mark.parametrize(
    "moment", ["yesterday", "0987-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
def test_no_moment(moment, sample):
    answer = vtm(sample, "pulse", "--now", moment)
    assert (answer.code, answer.out) == (2, "")


def test_without_now_the_clock_counts(tmp_path):
    write(tmp_path, [task("A--T01")])
    assert vtm(tmp_path, "pulse").out.startswith("### Implementation Pulse (20")


def broken(error):
    def backlog_status(*_):
        raise error

    return backlog_status


def test_bug(sample, monkeypatch):
    monkeypatch.setattr(status, "backlog_status", broken(ValueError("boom\n\x1b[31m")))
    answer = vtm(sample, "status")
    assert (answer.code, answer.out) == (70, "")
    what, how = answer.err.splitlines()
    assert what == f"vtm: this is a bug in vtm {__version__}: ValueError: boom\\n\\x1b[31m"
    assert how.startswith("     fix: report it with this output at the project's issue tracker; VTM_DEBUG=1 ")
    data = vtm(sample, "status", "--json")
    assert (data.code, data.err) == (70, "")
    assert (checked(data)["error"], checked(data)["exit"]) == ("bug", 70)


@pytest.mark.parametrize("form", ["text", "json"])
def test_bug_with_traceback(form, sample, monkeypatch):
    monkeypatch.setenv("VTM_DEBUG", "1")
    monkeypatch.setattr(status, "backlog_status", broken(ValueError("boom\x1b[31m")))
    answer = vtm(sample, "status", "--format", form)
    assert answer.code == 70
    assert answer.err.startswith("Traceback (most recent call last):\n")
    assert "ValueError: boom\\x1b[31m\n" in answer.err
    assert form == "text" or checked(answer)["code"] == "BUG"


def test_a_command_whose_own_import_is_missing_is_a_bug(sample, monkeypatch):
    def import_module(_):
        raise ModuleNotFoundError("No module named 'colours'", name="colours")

    monkeypatch.setattr("vtm.cli.groups.import_module", import_module)
    assert vtm(sample, "status").code == 70


def test_interrupted(sample, monkeypatch):
    monkeypatch.setattr(status, "backlog_status", broken(KeyboardInterrupt()))
    assert vtm(sample, "status")[:2] == (130, "")


def test_exit_code_of_a_click_exception_without_a_command(sample, monkeypatch):
    monkeypatch.setattr(status, "backlog_status", broken(click.FileError("x", "is gone")))
    assert checked(vtm(sample, "status", "--json"))["fix"] == "see `vtm --help`"
