"""`vtm prompt` for one task and one agent: all that it takes, and commands that work as they are printed."""

import json
import re
import subprocess
import sys
from hashlib import sha256

import pytest

from tests.cli.processes import environment
from tests.projects import MANIFEST, NOW, SPEC, criteria, put, sample, task, write
from tests.repositories import commit, git, repository, vtm
from tests.templates.prompting import fences, printed, prompt, section
from vtm.queries.commit_message import branch_of

REPORT_KEYS = [
    *("task_id", "status", "epoch", "acs_completed", "acs_remaining", "files_modified"),
    *("test_results", "blockers", "duration_minutes"),
]


@pytest.fixture
def project(tmp_path):
    return sample(tmp_path / "shop")


def headings(text):
    return re.findall(r"^## (.*)$", text, re.MULTILINE)


def test_references_come_before_anything_else(project):
    text = printed(project, "AUTH--T03")
    assert headings(text)[0] == "Read these first"
    (listed,) = fences(section(text, "Read these first"), "text")
    paths = [SPEC, "docs/adr/0002-sessions.md", "docs/guides/style.md"]
    assert re.findall(r"^(?:spec|decision|guide): (.*)$", listed, re.MULTILINE) == paths
    hashes = [sha256((project / path).read_bytes()).hexdigest() for path in paths]
    assert re.findall(r"sha256: (\w+)", listed) == hashes
    assert "named as: ADR-0002: Sessions" in listed
    assert text.index(hashes[-1]) < min(text.index("git "), text.index("vtm read"))


UNREADABLE = {
    "missing": ({"related_specs": ["docs/none.md"]}, "spec: docs/none.md\n  MISSING: it does not exist"),
    "folder": ({"related_guides": ["docs"]}, "guide: docs\n  MISSING: it is a directory"),
    "outside": ({"related_specs": ["../x.md"]}, "spec: ../x.md\n  MISSING: it leaves the repository"),
    "number": (
        {"related_adrs": ["ADR-0404"]},
        "decision: ADR-0404\n  MISSING: it does not exist (looked for",
    ),
}


@pytest.mark.parametrize(("more", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(more, said, tmp_path):
    write(tmp_path, [task("A--T01", **more)])
    text = printed(tmp_path, "A--T01")
    assert said in text
    assert "At least one of them is marked MISSING" in text


def test_large_and_binary_documents_are_listed_and_not_shown(tmp_path):
    write(tmp_path, [task("A--T01", related_specs=["large.md", "binary.md"])])
    data = b"\x00\xff" + b"secret " * 3_000_000
    (tmp_path / "large.md").write_bytes(data)
    (tmp_path / "binary.md").write_bytes(b"\xff\x00\x1b")
    text = printed(tmp_path, "A--T01")
    assert f"sha256: {sha256(data).hexdigest()} ({len(data)} bytes)" in text
    assert "secret" not in text
    assert len(text) < 10_000


def test_a_task_without_documents_tests_and_criteria(tmp_path):
    write(tmp_path, [{"task_id": "A"}])
    text = printed(tmp_path, "A")
    assert "The task names no documents." in text
    assert "The task lists no tests." in text
    assert "nobody could say when it is done" in text


def test_all_of_the_task_is_there(project):
    text = printed(project, "AUTH--T02")
    (facts,) = fences(section(text, "Task"))
    for line in (
        "id: AUTH--T02",
        "title: Sign in with a password",
        "risk: High",
        "size: M (about 30 minutes)",
    ):
        assert line in facts.split("\n")
    (listed,) = fences(section(text, "Acceptance criteria"))
    assert listed.split("\n") == [
        "[x] AUTH--T02-AC01: A right password opens",
        "[ ] AUTH--T02-AC02: A wrong one does not",
        "[ ] AUTH--T02-AC03: It logs",
    ]
    assert fences(section(text, "Tests")) == ["tests/test_auth.py"]
    assert "file: src/auth/**" in section(text, "Files")
    assert "AUTH--T01 (completed): Keep passwords as hashes" in section(text, "Builds on")
    assert "Waits for the review" in section(text, "What happened so far")


def test_a_test_that_is_not_there_is_said(tmp_path):
    write(tmp_path, [task("A--T01", test_verification=["tests/a.py (unit)"])])
    assert fences(section(printed(tmp_path, "A--T01"), "Tests")) == ["tests/a.py (unit)  (does not exist)"]


RISKS = {
    "High": ("required", "test-driven development is mandatory"),
    "Medium": ("recommended", "test-driven development is recommended"),
    "Low": ("optional", "test-driven development is optional"),
}


@pytest.mark.parametrize("risk", RISKS)
def test_what_the_risk_means(risk, tmp_path):
    write(tmp_path, [task("A--T01", risk=risk)])
    word, said = RISKS[risk]
    assert said in section(printed(tmp_path, "A--T01"), f"Tests first: {word}")


OWN, GENERIC = "wallaby-tdd-agent", "general-purpose"
AGENTS = {
    "nobody": ("High", "claude", "", "", GENERIC),
    "opencode": ("High", "opencode", "", "", "general"),
    "defined": ("High", "claude", "", ".claude/agents", OWN),
    "medium": ("Medium", "claude", "", ".claude/agents", OWN),
    "low": ("Low", "claude", "", ".claude/agents", GENERIC),
    "of-another-client": ("High", "opencode", "", ".claude/agents", "general"),
    "opencode-defined": ("High", "opencode", "", ".opencode/agents", OWN),
    "opencode-folder-of-old": ("High", "opencode", "", ".opencode/agent", OWN),
    "plain": ("High", "plain", "", ".opencode/agent", OWN),
    "set": ("High", "claude", "High", ".claude/agents", "my-agent"),
    "set-for-low": ("Low", "claude", "Low", "", "my-agent"),
    "set-for-another-risk": ("Medium", "claude", "High", "", GENERIC),
}


@pytest.mark.parametrize(("risk", "audience", "set_for", "folder", "agent"), AGENTS.values(), ids=AGENTS)
def test_agent_that_writes_tests_first(risk, audience, set_for, folder, agent, tmp_path):
    write(tmp_path, [task("A--T01", risk=risk)])
    if set_for:
        put(tmp_path, "vtm.toml", f'[agents]\n{set_for} = "my-agent"\n')
    if folder:
        put(tmp_path, f"{folder}/{OWN}.md", "---\nname: x\n---\n")
    (facts,) = fences(section(prompt(tmp_path, "A--T01", audience=audience), "Task"))
    assert f"agent for test-first work: {agent}" in facts


TOOLS = {
    "claude": ("`Read` tool", "`TodoWrite`", "`Task` tool"),
    "opencode": ("`read` tool", "`todowrite`", "`task` tool"),
    "plain": (),
}


@pytest.mark.parametrize("audience", TOOLS)
def test_tools_have_the_names_of_the_audience(audience, project):
    text = printed(project, "AUTH--T02", "--for", audience)
    assert [each for names in TOOLS.values() for each in names if each in text] == list(TOOLS[audience])


def test_branch_commits_and_title(project):
    text = printed(project, "AUTH--T02")
    work = section(text, "Work")
    assert "git switch -c feat/AUTH--T02\n" in work
    assert "git commit -m 'feat(AUTH--T02): AC02 A wrong one does not'" in work
    assert "AC01" not in work.replace("AC01=tests", "")
    assert fences(work, "text") == ["feat(AUTH--T02): Sign in with a password"]


@pytest.mark.parametrize(
    ("name", "status"),
    [("AUTH--T01", "completed"), ("AUTH--T04", "blocked"), ("AUTH--T02", ""), ("AUTH--T03", "")],
)
def test_what_is_not_to_be_worked_on_says_so_first(name, status, project):
    said = "the task is completed: it", "the task is blocked: it", "the task is abandoned: it"
    found = [each for each in said if each in section(printed(project, name), "Work").partition("```")[0]]
    assert found == ([f"the task is {status}: it"] if status else [])


def test_places_that_a_task_does_not_have_are_left_out(tmp_path):
    put(tmp_path, "tasks/a.md", "---\nid: A--T01\ntitle: Pay\nslice: Slice 1.2\n---\n- [ ] It is paid\n")
    facts = section(printed(tmp_path, "A--T01"), "Task")
    assert ("slice: Slice 1.2\n" in facts, "phase:" in facts) == (True, False)


@pytest.mark.parametrize("template", ["task-implementer", "batch-coordinator"])
def test_size_and_minutes_are_those_of_a_plan(template, tmp_path):
    """A task file may have a scope in place of a size."""
    put(tmp_path, "tasks/a.md", "---\nid: A--T01\ntitle: Pay\nscope: broad\n---\n- [ ] It is paid\n")
    ((planned,),) = (each["tasks"] for each in vtm(tmp_path, "plan", "--json").json["groups"])
    assert (planned["size"], planned["minutes"]) == ("L", 60)
    text = printed(tmp_path, "A--T01", "--template", template)
    assert ("size: L (about 60 minutes)" in text) or ("  L  60 minutes" in text)


def test_a_waived_dependency_is_told_from_one_to_wait_for(project):
    assert vtm(project, "waive", "PAY--T05", "PAY--T04", "--reason", "nobody pays so").code == 0
    (listed,) = fences(section(printed(project, "PAY--T05"), "Builds on"))
    assert "PAY--T04 (abandoned, waived)" in listed


NASTY_ID = "-x'; rm -rf $HOME `id` \u202e\"]"


@pytest.mark.parametrize(
    ("name", "claimed"),
    [("PAY--T01", True), (NASTY_ID, False)],
    ids=["claimed", "pending-and-hostile"],
)
def test_commands_work_as_printed(name, claimed, tmp_path):
    """From the first to the last: each command of the prompt, in a clone with a place to push to."""
    root = tmp_path / "shop"
    listed = criteria("PAY", "It's paid", '"Twice" is refused')
    write(root, [task(name, test_verification=["tests/test_pay.py"], acceptance_criteria=listed)], {})
    put(root, "vtm.toml", '[gate]\nafter = ["true", "test 1 = 1"]\n')
    put(root, ".gitignore", "docs/backlog/\n")
    put(root, "tests/test_pay.py", "")
    repository(root, commit_first=False)
    commit(root)
    git(tmp_path, "init", "-q", "--bare", "origin")
    git(root, "remote", "add", "origin", str(tmp_path / "origin"))
    if claimed:
        assert vtm(root, "start", "--agent", "ada", "--", name).code == 0
    text = printed(root, "--agent", "ada", "--", name)
    read, work, record, block = (
        "\n".join(fences(section(text, title), "sh"))
        for title in ("Read these first", "Work", "Along the way", "Safe exit")
    )
    assert (" start " in work) is not claimed
    first, *others = work.split("\n")
    script = "\n".join([read, first, record, *others])
    script = script.replace("git commit", "echo x >> work.txt && git add work.txt\ngit commit")
    done = bash(root, script)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = vtm(root, "show", "--json", "--", name).json
    assert (shown["status"], shown["acs_remaining"]) == ("completed", [])
    assert shown["state"]["evidence"]["command"] == "true && test 1 = 1"
    assert len(shown["state"]["evidence"]["covers"]) == 2
    assert "WHAT WHOEVER COMES NEXT MUST KNOW" in shown["state"]["notes"]
    subjects = git(root, "log", "--format=%s", "main..").split("\n")
    assert [each.partition(": ")[2] for each in reversed(subjects)] == [
        "AC01 It's paid",
        'AC02 "Twice" is refused',
    ]
    assert bash(root, block).returncode == 4


def test_what_a_coordinator_gives_out_works_as_printed(tmp_path):
    """Side by side, from one checkout that stays on main and counts as clean."""
    root = repository(tmp_path / "shop", commit_first=False)
    names = ("A--T01", "B--T01")
    write(root, [task(name, file_scope=[f"src/{name}/**"]) for name in names], {})
    commit(root)
    text = printed(root, *names, "--template", "batch-coordinator")
    (script,) = fences(section(text, "Give out"), "sh")
    done = bash(root, script)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in names:
        folder = root / ".worktrees/feat" / name
        assert f"branch: feat/{name}\n" in done.stdout
        assert f"vtm ac --epoch 1 {name} " in done.stdout
        (looks, *_) = fences(
            section(done.stdout.split("# Implement one task in your worktree")[1], "Before the work")
        )
        there = bash(folder, looks).stdout.split("\n")
        assert there == [str(folder), f"feat/{name}", ""]


def bash(folder, script):
    """Run a script in which `vtm` is this checkout's."""
    shim = f'vtm() {{ "{sys.executable}" -m vtm "$@"; }}\nset -e\n'
    return subprocess.run(
        ["bash", "-c", shim + script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_safe_exit_works_as_printed(project):
    (block,) = fences(section(printed(project, "AUTH--T02"), "Safe exit"), "sh")
    done = bash(project, block)
    assert done.returncode == 0, done.stderr
    assert vtm(project, "show", "AUTH--T02", "--json").json["status"] == "blocked"


@pytest.mark.parametrize("name", ["PAY--T01", NASTY_ID], ids=["plain", "hostile"])
def test_the_safe_exit_from_a_worktree_works_as_printed(name, tmp_path):
    listed = criteria("PAY", "It is paid")
    root = repository(write(tmp_path / "shop", [task(name, acceptance_criteria=listed)], {}))
    commit(root)
    tree = tmp_path / "tree"
    git(root, "worktree", "add", "-q", "-b", branch_of(name), str(tree))
    assert vtm(root, "start", "--agent", "ada", "--", name).code == 0
    text = printed(root, "--template", "implementation-specialist", "--", name)
    (leave,) = fences(section(text, "Safe exit"), "sh")
    put(tree, "half.py", "")
    done = bash(tree, leave)
    assert done.returncode == 0, done.stderr
    assert vtm(root, "show", "--json", "--", name).json["status"] == "blocked"
    assert git(root, "diff", "--name-only", f"main...{branch_of(name)}") == "half.py"


def test_the_epoch_is_that_of_the_task(project):
    state = json.loads((project / "docs/backlog/task-state.json").read_text("utf-8"))
    state["tasks"]["AUTH--T02"]["epoch"] = 7
    put(project, "docs/backlog/task-state.json", json.dumps(state))
    text = printed(project, "AUTH--T02")
    assert set(re.findall(r"--epoch (\d+)", text)) == {"7"}
    assert json.loads(fences(text, "json")[0])["epoch"] == 7


def test_it_ends_with_the_report(project):
    text = printed(project, "AUTH--T02")
    assert headings(text)[-1] == "Report back"
    assert text.endswith("\n```")
    report = json.loads(fences(text, "json")[-1])
    assert list(report) == REPORT_KEYS
    assert (report["task_id"], report["status"], report["epoch"]) == ("AUTH--T02", "completed", 0)
    assert report["acs_completed"] == [f"AUTH--T02-AC0{number}" for number in (1, 2, 3)]
    assert list(report["test_results"]) == ["passed", "failed", "command"]
    assert report["duration_minutes"] == 30


def test_the_example_is_a_report_that_vtm_takes(tmp_path):
    root = tmp_path / "shop"
    listed = criteria("PAY", "It's paid", '"Twice" is refused')
    entry = task("PAY--T01", acceptance_criteria=listed, test_verification=["tests/test_pay.py (unit)"])
    write(root, [entry], {})
    put(root, ".gitignore", "docs/backlog/\n")
    repository(root, commit_first=False)
    commit(root)
    assert vtm(root, "start", "PAY--T01", "--agent", "ada").code == 0
    text = printed(root, "PAY--T01")
    git(root, "switch", "-q", "-c", "feat/PAY--T01")
    put(root, "tests/test_pay.py", "")
    commit(root)
    put(tmp_path, "message.md", f"All done, as asked.\n\n{section(text, 'Report back')}\n")
    answer = vtm(root, "report-back", str(tmp_path / "message.md"))
    assert (answer.code, answer.err) == (0, ""), answer.out
    shown = vtm(root, "show", "PAY--T01", "--json").json
    assert (shown["status"], shown["acs_remaining"]) == ("completed", [])


def test_without_a_command_that_runs_the_tests_their_number_is_asked_for(project):
    work = section(printed(project, "AUTH--T02"), "Work")
    assert "--tests-passed NUMBER --commit HEAD --covers AC01=tests/test_auth.py" in work
    assert "NUMBER is how many tests passed" in work


def test_the_clock_is_not_in_it(project):
    assert printed(project, "AUTH--T02", "--now", NOW) == printed(project, "AUTH--T02")


def test_a_task_of_a_worktree_is_read_there(project, tmp_path):
    """References are the caller's: another branch may have another version of them."""
    repository(project)
    commit(project)
    linked = tmp_path / "linked"
    git(project, "worktree", "add", "-q", str(linked), "-b", "feat/x")
    put(linked, SPEC, "# Another\n")
    assert sha256(b"# Another\n").hexdigest() in printed(linked, "AUTH--T02")
    assert (project / MANIFEST).exists()
