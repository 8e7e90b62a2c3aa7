"""What every command says when it cannot answer, as text and as JSON."""

import re
import shlex

import pytest

from tests.cli.test_commands import checked
from tests.projects import MANIFEST, STATE, put
from tests.repositories import vtm

FAILURES = {
    "task": ("show AUTH--T0", 2, "UNKNOWN-TASK", "did you mean AUTH--T01 or AUTH--T02 or AUTH--T03?"),
    "task-in-lower-case": ("why auth--t01", 2, "UNKNOWN-TASK", "did you mean AUTH--T01?"),
    "task-misspelt": ("graph show MIAL--T02", 2, "UNKNOWN-TASK", "MAIL--T02"),
    "task-unlike-any": ("show zzzzzzzz", 2, "UNKNOWN-TASK", "`vtm list` shows all ids"),
    "task-empty": ("show ''", 2, "UNKNOWN-TASK", "`vtm list` shows all ids"),
    "code": ("explain EMTPY-AC", 2, "UNKNOWN-CODE", "EMPTY-AC"),
    "code-of-a-family": ("explain GAP", 2, "UNKNOWN-CODE", "`vtm rules` lists them"),
    "code-selected": ("validate --select GAP::DANGLING", 2, "UNKNOWN-CODE", "GAP::DANGLING-DEPENDENCY"),
    "code-ignored": ("validate --ignore stale", 2, "UNKNOWN-CODE", "STALE-TASK"),
    "schema": ("schema nxt", 2, "UNKNOWN-SCHEMA", "next"),
    "command": ("nxt", 2, "USAGE", "Did you mean next"),
    "command-unlike-any": ("qqqqqq", 2, "USAGE", "No such command 'qqqqqq'."),
    "command-not-a-word": ("../status", 2, "USAGE", "No such command '../status'."),
    "command-of-a-group": ("graph shw", 2, "USAGE", "Did you mean show"),
    "option": ("next --startble", 2, "USAGE", "--startable"),
    "option-of-vtm": ("--jsn next", 2, "USAGE", "--json"),
    "argument-missing": ("show", 2, "USAGE", "TASK"),
    "argument-too-many": ("next now", 2, "USAGE", "now"),
    "value-missing": ("list --status", 2, "USAGE", "--status"),
    "status": ("list --status done", 2, "USAGE", "'in-progress'"),
    "sort": ("list --sort size-of", 2, "USAGE", "'size'"),
    "risk": ("next --risk huge", 2, "USAGE", "'huge' is no risk; it can be High, Medium, Low."),
    "limit": ("list --limit -1", 2, "USAGE", "--limit"),
    "shell": ("completion tcsh", 2, "USAGE", "'SHELL'"),
    "now": ("pulse --now yesterday", 2, "USAGE", "'yesterday' is not a time such as"),
    "now-empty": ("pulse --now ''", 2, "USAGE", "'' is not a time such as"),
    "now-before-time": ("pulse --now 0001-01-01T00:00:00+14:00", 2, "USAGE", "is not a time such as"),
    "interval": ("pulse --watch --interval 0", 2, "USAGE", "--interval"),
    "format": ("next --format xml", 2, "USAGE", "'xml'"),
    "format-of-another-command": ("next --format sarif", 2, "USAGE", "'sarif'"),
    "folder": ("-C nowhere next", 2, "USAGE", "Invalid value for -C: 'nowhere' is not a directory."),
    "folder-is-a-file": ("-C {root}/vtm.toml next", 2, "USAGE", "is not a directory."),
    "baseline": ("validate --baseline known.json", 2, "INVALID-BASELINE", "known.json"),
    "path": ("validate nowhere.json", 3, "GAP::UNREADABLE", "nowhere.json does not exist"),
    "folder-without-a-backlog": ("validate {root}/..", 3, "BLOCKED::MANIFEST-MISSING", "vtm init"),
}


def said(document):
    return f"{document['message']} {document['fix']}"


@pytest.mark.parametrize(("command", "code", "name", "hint"), FAILURES.values(), ids=FAILURES)
def test_failure(command, code, name, hint, sample):
    arguments = shlex.split(command.format(root=sample))
    text = vtm(sample, *arguments)
    assert (text.code, text.out) == (code, "")
    assert re.fullmatch(r"vtm: .+\n     fix: .+\n", text.err)
    assert hint in text.err
    data = vtm(sample, *arguments, "--json")
    document = checked(data)
    assert (data.code, data.err, data.out.count("\n")) == (code, "", 1)
    assert (document["schema"], document["code"], document["exit"]) == ("vtm.error/1", name, code)
    assert hint in said(document)


DAMAGED = {
    "no-backlog": ({MANIFEST: None}, 3, "BLOCKED::MANIFEST-MISSING"),
    "manifest": ({MANIFEST: '{"tasks": ['}, 3, "GAP::UNREADABLE"),
    "manifest-of-another-shape": ({MANIFEST: "[]"}, 3, "GAP::SCHEMA"),
    "conflict": ({MANIFEST: "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n"}, 3, "GAP::CONFLICT-MARKERS"),
    "state": ({STATE: '{"tasks": {"\\ud800": {}}}'}, 3, "GAP::UNREADABLE"),
    "settings": ({"vtm.toml": "wip_limit = \n"}, 3, "UNREADABLE-SETTINGS"),
    "setting": ({"vtm.toml": "wip_limt = 1\n"}, 2, "UNKNOWN-SETTING"),
    "setting-of-another-type": ({"vtm.toml": "\nwip_limit = 'x'\n"}, 2, "INVALID-SETTING"),
}


@pytest.mark.parametrize(("files", "code", "name"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_file(files, code, name, sample):
    for path, text in files.items():
        if text is None:
            (sample / path).unlink()
        else:
            put(sample, path, text)
    (path,) = files
    text, data = vtm(sample, "next"), vtm(sample, "next", "--json")
    assert (text.code, text.out, data.code, data.err) == (code, "", code, "")
    assert re.fullmatch(r"vtm: .+\n     fix: .+\n", text.err)
    assert text.err.count(path) == 1
    document = checked(data)
    assert (document["code"], document["location"]["path"]) == (name, path)
