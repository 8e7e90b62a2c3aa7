"""Hooks of agents: what they say, what they keep, and that they never break their host."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.processes import call, environment
from tests.integrations.hosts import SESSION, claimed, hook, read, reply
from tests.projects import HOSTILE, HOSTILE_ID, MANIFEST, SPEC, STATE, hostile, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.cli import EVENTS
from vtm.discovery import runtime_folder
from vtm.integrations.hooks.session_start import LONGEST
from vtm.queries.commit_message import branch_of
from vtm.stores.runtime import SqliteRuntime

TASKS = [
    task("A--T01", file_scope=["src/a/**", "docs/a.md"], related_adrs=["ADR-0002: Sessions"]),
    task("B--T01", related_specs=["docs/specs/other.md#part"], file_scope=["src/b/**"]),
    task("C--T01", related_specs=[SPEC], file_scope=[]),
    task("D--T01", related_specs=[SPEC]),
]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Four tasks, the last of them done, on a clean main branch."""
    root = write(tmp_path_factory.mktemp("made") / "shop", TASKS, {"D--T01": {"status": "completed"}})
    put(root, "docs/specs/other.md", "# Other\n")
    put(root, "docs/adr/0002-sessions.md", "# Sessions\n")
    repository(root, commit_first=False)
    commit(root)
    return root


@pytest.fixture
def shop(made, tmp_path):
    """A copy of it."""
    return shutil.copytree(made, tmp_path.resolve() / "shop")


def runtime(root):
    return SqliteRuntime(runtime_folder(App.at(root).project))


def receipts(root):
    names = [each["task_id"] for each in TASKS]
    return {name: paths for name in names if (paths := [each.path for each in runtime(root).receipts(name)])}


# --- session-start


def test_an_agent_that_starts_learns_how_things_stand(shop):
    claimed(shop, "A--T01")
    said = reply(shop, "session-start", source="startup")["hookSpecificOutput"]
    assert said["hookEventName"] == "SessionStart"
    text = said["additionalContext"]
    assert "- In Progress: A--T01 (0 ACs completed, 1 remaining)" in text
    assert "- This session holds A--T01, epoch 1; left: A--T01-AC01" in text
    assert "- First to start: B--T01 (Medium, M): Title of B--T01" in text


def large(root):
    return write(root, [task(f"LARGE_{number:05}--T01") for number in range(10_000)])


def wordy(root):
    words = "word " * 2000
    return write(
        root, [task(f"{letter * 500}--T01", words, phase=words, slice=words) for letter in "ABCDEFG"]
    )


@pytest.mark.parametrize("project", [large, wordy, hostile, lambda root: write(root, [])])
def test_it_learns_so_in_fewer_than_800_tokens(project, tmp_path):
    root = project(tmp_path)
    text = reply(root, "session-start")["hookSpecificOutput"]["additionalContext"]
    assert 600 < len(text) < LONGEST < 800 * 4
    assert all(each.isprintable() or each == "\n" for each in text)


# --- post-tool-use


@pytest.mark.parametrize(
    ("path", "readers"),
    {
        SPEC: ["A--T01", "C--T01"],
        "docs/specs/other.md": ["B--T01"],
        "docs/adr/0002-sessions.md": ["A--T01"],
        "docs/adr/../specs/other.md": ["B--T01"],
        MANIFEST: [],
        "docs/specs/gone.md": [],
        "../elsewhere.md": [],
        "docs/specs/\x00.md": [],
    }.items(),
)
def test_reading_a_related_document_leaves_a_receipt(path, readers, shop):
    assert read(shop, path) == {}
    assert list(receipts(shop)) == readers


AWKWARD = ["docs/specs/größe.md", 'docs/specs/"a".md', "docs/specs/a\\b.md", "docs/specs/e&e.md"]


@pytest.mark.parametrize("in_files", [False, True], ids=["manifest", "task-files"])
@pytest.mark.parametrize("name", AWKWARD)
def test_a_document_with_an_awkward_name_is_known(name, in_files, tmp_path):
    root = tmp_path.resolve()
    if in_files:
        front = yaml.safe_dump({"id": "A--T01", "status": "pending", "related_specs": [name]})
        put(root, "tasks/a.md", f"---\n{front}---\n\n- [ ] AC01 It works\n")
    else:
        write(root, [task("A--T01", related_specs=[name])])
    put(root, name, "# Awkward\n")
    read(root, name)
    assert list(receipts(root)) == ([] if "\\" in name else ["A--T01"])  # no reference has a backslash


def test_reading_code_does_not_read_the_backlog(shop, monkeypatch):
    put(shop, "src/a/code.py", "")
    monkeypatch.setattr(App, "backlog", property(lambda self: pytest.fail("it was read")))
    monkeypatch.setenv("VTM_DEBUG", "1")
    assert read(shop, "src/a/code.py") == {}


SHAPES = {
    "claude": ({"tool_name": "Read", "tool_input": {"file_path": "{root}/" + SPEC}}, True),
    "opencode": ({"tool_name": "read", "tool_input": {"filePath": SPEC}}, True),
    "whole": (
        {
            "tool_name": "Read",
            "tool_input": {"file_path": SPEC, "limit": 2000},
            "tool_response": {"type": "text", "file": {"startLine": 1, "numLines": 9, "totalLines": 9}},
        },
        True,
    ),
    "cut": (
        {
            "tool_name": "Read",
            "tool_input": {"file_path": SPEC},
            "tool_response": {"file": {"startLine": 1, "numLines": 9, "totalLines": 10}},
        },
        False,
    ),
    "from-the-middle": ({"tool_name": "Read", "tool_input": {"file_path": SPEC, "offset": 5}}, False),
    "a-few-lines": ({"tool_name": "Read", "tool_input": {"file_path": SPEC, "limit": 5}}, False),
    "truncated": (
        {"tool_name": "read", "tool_input": {"filePath": SPEC}, "tool_response": {"truncated": True}},
        False,
    ),
    "not-truncated": (
        {"tool_name": "read", "tool_input": {"filePath": SPEC}, "tool_response": {"truncated": False}},
        True,
    ),
    "another-tool": ({"tool_name": "Grep", "tool_input": {"file_path": SPEC}}, False),
    "no-path": ({"tool_name": "Read", "tool_input": {"file_path": 7}}, False),
}


@pytest.mark.parametrize(("event", "kept"), SHAPES.values(), ids=SHAPES)
def test_only_a_whole_file_that_was_read_counts(event, kept, shop):
    text = json.dumps({"cwd": str(shop), **event}).replace("{root}", shop.as_posix())
    assert hook(shop, "post-tool-use", text.encode()) == (0, "", "")
    assert (receipts(shop) != {}) == kept


def test_a_receipt_is_what_the_start_of_a_task_asks_for(shop):
    def unread():
        answer = vtm(shop, "start", "A--T01", "--dry-run", "--json").json
        return [each["code"] for each in answer["findings"] if "CONTEXT-READ" in each["code"]]

    assert unread() == ["WARN::INCOMPLETE-CONTEXT-READ::A--T01"]
    for path in (SPEC, "docs/adr/0002-sessions.md"):
        read(shop, path)
    assert unread() == []
    put(shop, SPEC, "# Another\n")
    commit(shop)
    assert unread() == ["WARN::INCOMPLETE-CONTEXT-READ::A--T01"]


OWN, FOREIGN = SESSION, "another"


@pytest.mark.parametrize(
    ("session", "name", "renewed"),
    [
        (OWN, "post-tool-use", True),
        (OWN, "pre-tool-use", True),
        (FOREIGN, "post-tool-use", False),
        ("", "post-tool-use", False),
    ],
)
def test_a_hook_of_the_holder_renews_its_lease(session, name, renewed, shop):
    claimed(shop, "A--T01", session=session)
    before = runtime(shop).leases()["A--T01"]
    later = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    event = json.dumps({"session_id": SESSION, "tool_name": "Bash"}).encode()
    assert hook(shop, name, event) == (0, "", "")
    assert runtime(shop).leases()["A--T01"] == before  # it was renewed a moment ago
    assert hook(shop, name, event, "--now", later) == (0, "", "")
    assert (runtime(shop).leases()["A--T01"].expires_at > before.expires_at) == renewed


def test_whoever_was_started_for_a_task_renews_its_lease(shop, monkeypatch):
    claimed(shop, "A--T01", session="of-the-runner")
    before = runtime(shop).leases()["A--T01"]
    monkeypatch.setenv("VTM_TASK", "A--T01")
    later = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    event = json.dumps({"session_id": SESSION, "tool_name": "Bash"}).encode()
    assert hook(shop, "post-tool-use", event, "--now", later) == (0, "", "")
    assert runtime(shop).leases()["A--T01"].expires_at > before.expires_at


# --- pre-tool-use

INSIDE, OUTSIDE = "src/a/b/c.py", "src/ab/c.py"
PATCH = "*** Begin Patch\n*** Update File: src/a/x.py\n@@\n-a\n+b\n*** Add File: {}\n+c\n*** End Patch\n"
EDITS = {
    "inside": ("Edit", {"file_path": INSIDE}, False),
    "a-single-file": ("Write", {"file_path": "docs/a.md"}, False),
    "its-test": ("Write", {"file_path": "tests/test_a.py"}, False),
    "outside": ("Edit", {"file_path": OUTSIDE}, True),
    "several": ("MultiEdit", {"file_path": OUTSIDE}, True),
    "new": ("Write", {"file_path": "new/folder/x.py"}, True),
    "notebook": ("NotebookEdit", {"notebook_path": "x.ipynb"}, True),
    "opencode": ("edit", {"filePath": OUTSIDE}, True),
    "patch-inside": ("apply_patch", {"command": PATCH.format("src/a/y.py")}, False),
    "patch-outside": ("apply_patch", {"patchText": PATCH.format("README.md")}, True),
    "out-of-the-project": ("Edit", {"file_path": "../notes.md"}, False),
    "by-a-detour": ("Edit", {"file_path": "src/a/../ab/c.py"}, True),
    "no-edit": ("Read", {"file_path": OUTSIDE}, False),
    "no-path": ("Edit", {"file_path": None}, False),
}


@pytest.fixture(scope="session")
def made_and_claimed(made, tmp_path_factory):
    """The same, with a task that the session has claimed."""
    root = shutil.copytree(made, tmp_path_factory.mktemp("claimed") / "shop")
    claimed(root, "A--T01")
    return root


@pytest.fixture
def at_work(made_and_claimed, tmp_path):
    """A copy of it."""
    return shutil.copytree(made_and_claimed, tmp_path.resolve() / "shop")


@pytest.mark.parametrize(("tool", "given_", "wrong"), EDITS.values(), ids=EDITS)
def test_an_edit_outside_the_scope_is_warned_of(tool, given_, wrong, at_work):
    answer = reply(at_work, "pre-tool-use", tool_name=tool, tool_input=given_)
    if not wrong:
        assert answer == {}
        return
    said = answer["hookSpecificOutput"]
    assert set(said) == {"hookEventName", "additionalContext"}  # it decides nothing, also not to allow it
    assert said["hookEventName"] == "PreToolUse"
    assert said["additionalContext"] == answer["systemMessage"]
    assert "outside the file scope of A--T01, which is src/a/**, docs/a.md" in answer["systemMessage"]


@pytest.mark.parametrize("path", [INSIDE, OUTSIDE])
@pytest.mark.parametrize("scope", ["off", "warn", "refuse"])
def test_it_is_refused_or_warned_of_as_set(scope, path, at_work):
    put(at_work, "vtm.toml", f'[hooks]\nscope = "{scope}"\n')
    answer = reply(at_work, "pre-tool-use", tool_name="Write", tool_input={"file_path": path})
    if path == INSIDE or scope == "off":
        assert answer == {}
        return
    said = answer["hookSpecificOutput"]
    assert said.get("permissionDecision") == ("deny" if scope == "refuse" else None)
    assert ("permissionDecisionReason" if scope == "refuse" else "additionalContext") in said


def _edit(root, path=OUTSIDE, **more):
    return bool(reply(root, "pre-tool-use", tool_name="Edit", tool_input={"file_path": path}, **more))


def nothing(root):
    return root


def leased_elsewhere(root):
    claimed(root, "A--T01", session="another")
    return root


def leased_without_session(root):
    claimed(root, "A--T01", session="")
    return root


def leased_through_the_server(root):
    claimed(root, "A--T01", session="mcp-0123abcd")
    return root


def one_of_two_without_session(root):
    claimed(root, "B--T01", session="another")
    return leased_without_session(root)


def without_scope(root):
    claimed(root, "A--T01")
    claimed(root, "C--T01")
    return root


def blocked(root):
    claimed(root, "A--T01")
    vtm(
        root,
        "block",
        "A--T01",
        "--reason",
        "No key",
        "--tried",
        "Two",
        "--suggest",
        "Ask",
        "--agent",
        "ada",
        "--epoch",
        "1",
    )
    return root


def on_its_branch(root):
    assert vtm(root, "start", "A--T01").code == 0
    git(root, "switch", "-qc", "feat/A--T01")
    return root


def on_another_branch(root):
    git(root, "switch", "-qc", "feat/parser")
    return root


def in_its_worktree(root):
    claimed(root, "A--T01", session="another")
    claimed(root, "C--T01")
    git(root, "worktree", "add", "-q", "-b", "feat/A--T01", str(root.parent / "tree"))
    return root.parent / "tree"


PLACES = {
    nothing: False,
    leased_elsewhere: False,
    leased_without_session: True,
    leased_through_the_server: True,
    one_of_two_without_session: False,
    without_scope: False,
    blocked: False,
    on_its_branch: True,
    on_another_branch: False,
    in_its_worktree: True,
}


@pytest.mark.parametrize("agent", [(), ("--agent", "ada", "--session", "another")], ids=["alone", "leased"])
def test_the_branch_of_an_id_that_git_would_not_take_is_known(agent, tmp_path):
    root = repository(write(tmp_path / "shop", [task("cart: sum", file_scope=["src/a/**"])]))
    commit(root)
    assert vtm(root, "start", "cart: sum", *agent).code == 0
    git(root, "switch", "-qc", branch_of("cart: sum"))
    assert _edit(root)


@pytest.mark.parametrize(("place", "watched"), PLACES.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_whose_scope_counts(place, watched, shop):
    assert _edit(place(shop)) == watched


def test_that_of_the_session_counts(at_work):
    assert _edit(at_work)


@pytest.mark.parametrize(
    ("name", "value", "watched"),
    [("VTM_TASK", "A--T01", True), ("VTM_TASK", "GONE--T01", False), ("VTM_AGENT", "bob", True)],
)
def test_the_environment_says_whose_scope_counts(name, value, watched, shop, monkeypatch):
    claimed(shop, "A--T01", session="", agent="bob")
    claimed(shop, "C--T01", session="another")
    monkeypatch.setenv(name, value)
    assert _edit(shop) == watched


def test_the_main_worktree_is_not_edited_from_another(shop):
    tree = in_its_worktree(shop)
    assert not _edit(tree, INSIDE)
    assert _edit(tree, str(shop / INSIDE))


@pytest.mark.parametrize("scope", ["warn", "refuse"])
def test_what_is_said_of_a_hostile_task_stays_on_its_line(scope, tmp_path, monkeypatch):
    root = write(tmp_path, [task(HOSTILE_ID, file_scope=[HOSTILE], acceptance_criteria=[])], {})
    put(root, STATE, json.dumps({"tasks": {HOSTILE_ID: {"status": "in-progress", "epoch": 1}}}))
    put(root, "vtm.toml", f'[hooks]\nscope = "{scope}"\n')
    monkeypatch.setenv("VTM_TASK", HOSTILE_ID)
    for said in (
        reply(
            root,
            "pre-tool-use",
            tool_name="Edit",
            tool_input={"file_path": f"a\n{HOSTILE}".replace("\0", "")},
        ),
        reply(root, "stop"),
    ):
        assert said
        assert all(each.isprintable() or each == "\n" for each in json.dumps(said, ensure_ascii=False))
        assert "\n" not in said.get("systemMessage", "")


def test_claude_code_tells_commands_the_session_that_its_hooks_report(shop, monkeypatch):
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", SESSION)
    claimed(shop, "A--T01", session="")
    assert runtime(shop).leases()["A--T01"].session == SESSION
    assert _edit(shop)


# --- stop


def test_a_task_that_is_left_is_pointed_out_once(shop):
    claimed(shop, "A--T01")
    assert reply(shop, "stop", stop_hook_active=True) == {}
    assert reply(shop, "stop", session_id="another") == {}
    answer = reply(shop, "stop")
    assert answer["decision"] == "block"
    assert answer["reason"].startswith("A--T01 is claimed and still in progress; criteria left: 1.\n")
    assert reply(shop, "stop") == {}


def test_a_task_that_was_started_by_hand_is_known_by_its_branch(shop):
    assert reply(on_its_branch(shop), "stop")["decision"] == "block"


def test_each_claim_is_a_new_one(shop):
    for epoch in (1, 2):
        claimed(shop, "A--T01")
        assert reply(shop, "stop") != {}
        assert reply(shop, "stop") == {}
        vtm(shop, "release", "A--T01", "--agent", "ada", "--epoch", str(epoch))
        assert reply(shop, "stop") == {}


@pytest.mark.parametrize("place", [nothing, blocked, leased_elsewhere, leased_without_session])
def test_what_is_nobodys_or_over_is_not_pointed_out(place, shop):
    assert reply(place(shop), "stop") == {}


def test_reminders_are_forgotten_before_they_fill_the_disk(shop):
    claimed(shop, "A--T01")
    file = runtime_folder(App.at(shop).project) / "reminders"
    file.write_text("0" * 70_000, "ascii")
    assert reply(shop, "stop") != {}
    assert file.stat().st_size < 100
    assert reply(shop, "stop") == {}


# --- what must not break a host


def broken_settings(root):
    put(root, "vtm.toml", "wip_limit = \n")


def broken_manifest(root):
    put(root, MANIFEST, "{")


def no_backlog(root):
    (root / MANIFEST).unlink()


def damaged_database(root):
    claimed(root, "A--T01")
    runtime(root).path.write_bytes(b"no database")


TROUBLE = {
    "empty": (b"", nothing),
    "blank": (b" \n", nothing),
    "cut": (b'{"session_id": "s', nothing),
    "not-json": (b"hello", nothing),
    "not-utf-8": (b'{"session_id": "\xff"}', nothing),
    "nul": (b"\x00\x00", nothing),
    "half-a-character": (b'{"session_id": "\\ud800"}', nothing),
    "a-list": (b"[]", nothing),
    "null": (b"null", nothing),
    "other-types": (b'{"session_id": 7, "tool_input": []}', nothing),
    "deep": (b'{"tool_input": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, nothing),
    "broken-settings": (None, broken_settings),
    "broken-manifest": (None, broken_manifest),
    "no-backlog": (None, no_backlog),
    "damaged-database": (None, damaged_database),
}


@pytest.mark.parametrize("name", sorted(EVENTS))
@pytest.mark.parametrize(("data", "prepare"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_is_silent(data, prepare, name, shop):
    prepare(shop)
    put(shop, ".git/HEAD", "ref: refs/heads/feat/A--T01\n")
    event = {"session_id": SESSION, "tool_name": "Edit", "tool_input": {"file_path": OUTSIDE}}
    answer = hook(shop, name, json.dumps(event).encode() if data is None else data)
    assert (answer.code, answer.err) == (0, "")
    assert not answer.out or prepare is damaged_database  # which is set aside: one can work without it


def test_trouble_is_told_to_who_looks_for_it(shop, monkeypatch):
    monkeypatch.setenv("VTM_DEBUG", "1")
    put(shop, "vtm.toml", "wip_limit = \n")
    answer = hook(shop, "session-start")
    assert (answer.code, answer.out) == (0, "")
    assert "vtm.toml" in answer.err


@pytest.mark.parametrize(
    "name", ["SessionStart", "subagent-stop", "no-such-event", "x.y", "../stop", "\udcff"]
)
def test_an_unknown_event_is_nothing(name, shop):
    assert hook(shop, name) == (0, "", "")


@pytest.mark.parametrize("wrong", [["--no-such"], ["--now", "soon"], ["argument"], ["--format", "xml"]])
def test_what_somebody_wrote_into_settings_refuses_nothing(wrong, at_work):
    event = {"session_id": SESSION, "tool_name": "Edit", "tool_input": {"file_path": OUTSIDE}}
    data = json.dumps(event).encode()
    assert hook(at_work, "pre-tool-use", data, *wrong) == hook(at_work, "pre-tool-use", data)


def test_a_person_is_told_of_a_typo(shop, monkeypatch):
    class Terminal:
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    answer = vtm(shop, "hook", "stopp")
    assert (answer.code, answer.out) == (2, "")
    assert "Did you mean stop?" in answer.err
    assert vtm(shop, "hook", "stop") == (0, "", "")


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_client_calls_it_without_a_command_line(name, at_work):
    """As a process it takes a shorter way, which must lead to the same."""
    event = {"session_id": SESSION, "cwd": str(at_work / "src"), "tool_name": "Edit"}
    data = json.dumps(event | {"tool_input": {"file_path": str(at_work / OUTSIDE)}}).encode()
    (at_work / "src").mkdir()
    done = call(at_work.parent, "hook", name, input=data)
    (runtime(at_work).path.parent / "reminders").unlink(missing_ok=True)
    other = hook(at_work, name, data)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    clock = re.compile(r"Pulse \([^)]+\)|\d+[smh] ago|started [^)]*")
    assert clock.sub("", done.stdout.decode()) == clock.sub("", other.out)
    assert bool(done.stdout) == (name != "post-tool-use")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "< /dev/null", "> /dev/full"])
@pytest.mark.parametrize("name", ["session-start", "session-start --json", "nope"])
def test_streams_that_do_not_work_are_survived(name, closed, at_work):
    if "full" in closed and not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    command = f"'{sys.executable}' -m vtm hook {name} {closed}"
    done = subprocess.run(
        command, shell=True, cwd=at_work, env=environment(), input=b"{}", capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    name=st.sampled_from(sorted(EVENTS)),
    key=st.sampled_from(
        ["session_id", "cwd", "tool_name", "tool_input", "tool_response", "stop_hook_active"]
    ),
)
def test_any_event_ends_well(data, name, key, tmp_path_factory):
    root = tmp_path_factory.getbasetemp() / "any"
    if not Path(root, MANIFEST).exists():
        write(root, TASKS)
    event = {"tool_name": "Edit", "tool_input": {"file_path": HOSTILE}, key: data}
    answer = hook(root, name, json.dumps(event).encode())
    assert (answer.code, answer.err) == (0, "")
