"""One contract for all runners, held against programs that tell what they were given."""

import asyncio
import json
import sys

import pytest

from vtm.errors import ExitCode, ExternalError, WrongUsageError
from vtm.model.agent_settings import Program
from vtm.ports.agents import Job
from vtm.runners import keeping
from vtm.runners.choosing import clients, runner_named
from vtm.runners.clients import opencode
from vtm.runners.keeping import Limits

RUNNERS = [*clients(), "own"]
PROMPTS = {
    "plain": "Do it.",
    "like-an-option": "--help\n-x",
    "long": "ü" * 100_000,
    "odd": "a\0b\r\n\x1b[31m'\"$(date)`",
    "empty": "",
}
TELL = """
import json, os, sys
given = sys.stdin.buffer.read()
if os.environ.get("FAIL", "").startswith("kill"):
    os.kill(os.getpid(), int(os.environ["FAIL"][4:]))
told = {"argv": sys.argv[1:], "stdin": given.decode(), "folder": os.getcwd(), "task": os.environ["VTM_TASK"]}
def say(words):
    return {"type": "text", "text": words}
name, text = os.path.basename(sys.argv[0]), "I did it.\\n\\ndone: " + json.dumps(told)
EVENTS = {
    "claude": [
        {"type": "system", "subtype": "init"},
        {"type": "assistant", "message": {"content": [say("First."), {"type": "tool_use"}]}},
        {"type": "assistant", "parent_tool_use_id": "1", "message": {"content": [say("Sub.")]}},
        {"type": "result", "subtype": "success", "result": text},
    ],
    "codex": [
        {"type": "thread.started", "thread_id": "1"},
        {"type": "item.completed", "item": {"type": "agent_message", "text": "First."}},
        {"type": "item.completed", "item": {"type": "agent_message", "text": text}},
        {"type": "item.completed", "item": {"type": "command_execution", "text": "ls"}},
        {"type": "turn.completed"},
    ],
    "opencode": [
        {"type": "text", "part": {"type": "text", "text": "First.", "messageID": "1"}},
        {"type": "tool_use", "part": {"type": "tool"}},
        {"type": "text", "part": {"type": "text", "text": "I did it.", "messageID": "2"}},
        {"type": "text", "part": {"type": "text", "text": text.partition("\\n")[2], "messageID": "2"}},
        {"type": "step_finish", "part": {"type": "step-finish"}},
    ],
}
odd = '{"type": 3, "part": [], "item": "x", "message": {"content": "y"}}'
noise = ["", "{", "[1]", "null", "{}", odd, "{" * 5000, "\\u2028"]
for event in EVENTS.get(name, []):
    print(*noise, json.dumps(event), sep="\\n", flush=True)
    print("noise", file=sys.stderr, flush=True)
if name not in EVENTS:
    print(text)
sys.exit(int(os.environ.get("FAIL") or 0))
"""


@pytest.fixture
def runner(request, programs):
    """A runner, whose program tells what it was given."""
    programs(request.param, TELL)
    return runner_named(request.param, {"own": Program(("own", "{task}", "x{task}", "{folder}"))})


def started(agent, runner, prompt="Do it.", **environment):
    job = Job("A--T01:1", "A--T01", prompt, str(agent.folder), "")
    command = runner.command(job)
    command = command._replace(environment={"VTM_TASK": "A--T01", **environment})
    runner.check(str(agent.folder), job.agent)
    keeping.launch(agent.place, command, agent.folder, Limits())
    return asyncio.run(agent.over())


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
@pytest.mark.parametrize("runner", RUNNERS, indirect=True)
def test_an_agent_gets_its_prompt_and_its_surroundings_and_is_understood(agent, runner, prompt):
    ending = started(agent, runner, prompt)
    assert ending.exit_code == 0
    said = runner.said(agent.lines)
    assert "I did it.\n" in said
    assert "Sub." not in said
    told = json.loads(said.partition("done: ")[2])
    assert (told["stdin"], told["folder"], told["task"]) == (prompt, str(agent.folder), "A--T01")


ENDS = {"well": ("", 0), "badly": ("7", 7), "killed": ("kill9", 137), "ended": ("kill15", 143)}


@pytest.mark.parametrize(("fail", "code"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("runner", RUNNERS, indirect=True)
def test_its_end_is_an_exit_code_or_a_signal(agent, runner, fail, code):
    assert started(agent, runner, FAIL=fail).exit_code == code


@pytest.mark.parametrize("runner", RUNNERS, indirect=True)
def test_one_that_says_nothing_said_nothing(runner):
    assert runner.said([]) == ""


@pytest.mark.parametrize("name", RUNNERS)
def test_a_program_that_is_not_there_is_said_before_anything_is_started(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    runner = runner_named(name, {"own": Program(("own",))})
    with pytest.raises(ExternalError, match=f"the program {name} of the agent is not there") as raised:
        runner.check(str(tmp_path), "")
    assert (raised.value.code, raised.value.exit_code) == ("AGENT-MISSING", ExitCode.EXTERNAL)
    assert "runner" in raised.value.fix


ARGV = {
    "claude": (
        "claude -p --output-format stream-json --verbose --permission-mode acceptEdits --agent poc "
        "--allowedTools mcp__vtm mcp__plugin_vtm_vtm Bash(git_*) Bash(vtm_*) --model opus"
    ),
    "codex": "codex exec --json --sandbox workspace-write --add-dir /w/.git --profile poc --model opus -",
    "opencode": "opencode run --format json --title A--T01:1 --agent poc --model opus",
    "own": "own A--T01 x{task} /w poc --model opus",
}


@pytest.mark.parametrize(("name", "argv"), ARGV.items(), ids=ARGV)
def test_how_each_is_started(name, argv):
    programs = {
        name: Program(args=("--model", "opus")),
        "own": Program(("own", "{task}", "x{task}", "{folder}")),
    }
    programs["own"] = Program((*programs["own"].command, "{agent}"), ("--model", "opus"))
    command = runner_named(name, programs).command(Job("A--T01:1", "A--T01", "Do it.", "/w", "poc"))
    assert [word.replace(" ", "_") for word in command.argv] == argv.split()
    assert command.stdin == "Do it."


def test_a_client_may_be_started_in_another_way():
    runner = runner_named("claude", {"claude": Program(("npx", "claude-code"))})
    assert runner.command(Job("s", "t", "p", "/w")).argv[:3] == ("npx", "claude-code", "-p")


def test_a_sandbox_of_the_settings_is_the_only_one():
    runner = runner_named("codex", {"codex": Program(args=("--sandbox=read-only",))})
    assert runner.command(Job("s", "t", "p", "/w")).argv == (
        "codex",
        "exec",
        "--json",
        "--sandbox=read-only",
        "-",
    )


LISTING = """
import sys
assert sys.argv[1:] == ["agent", "list"]
print('build (primary)\\n  [\\n  {"permission": "*"}\\n]\\nhelper (subagent)\\n  []\\npoc-specialist (all)')
"""
WRONG = {
    "unknown": ("nonsense", "is not defined in OpenCode; it has build, poc-specialist", "define it under"),
    "near": ("poc-speciallist", "is not defined in OpenCode", "did you mean poc-specialist?"),
    "for-others": ("helper", "is for other agents only in OpenCode", "define it under"),
}


@pytest.fixture
def listing(programs):
    opencode._agents.cache_clear()
    yield lambda script=LISTING: programs("opencode", script)
    opencode._agents.cache_clear()


@pytest.mark.parametrize(("agent", "message", "fix"), WRONG.values(), ids=WRONG)
def test_an_agent_that_opencode_would_replace_in_silence_is_refused(listing, tmp_path, agent, message, fix):
    listing()
    with pytest.raises(WrongUsageError, match=message) as raised:
        runner_named("opencode", {}).check(str(tmp_path), agent)
    assert (raised.value.code, raised.value.exit_code) == ("UNKNOWN-AGENT", ExitCode.USAGE)
    assert fix in raised.value.fix


@pytest.mark.parametrize("agent", ["", "build", "poc-specialist"])
def test_an_agent_that_opencode_has_is_taken(listing, tmp_path, agent):
    listing()
    runner_named("opencode", {}).check(str(tmp_path), agent)


def test_opencode_that_does_not_name_its_agents_is_said(listing, tmp_path):
    listing("import sys; sys.exit('no home')")
    with pytest.raises(ExternalError, match="does not name its agents: exit code 1, no home"):
        runner_named("opencode", {}).check(str(tmp_path), "poc")


def test_opencode_is_asked_twice_since_its_first_starts_disturb_each_other(listing, tmp_path):
    listing(
        f"import os, sys; open('been', 'x') and sys.exit(1) if not os.path.exists('been') else None{LISTING}"
    )
    runner_named("opencode", {}).check(str(tmp_path), "build")
    assert (tmp_path / "been").exists()


def test_a_profile_that_codex_does_not_have_is_refused(programs, tmp_path, monkeypatch):
    programs("codex", "")
    monkeypatch.setenv("CODEX_HOME", str(tmp_path))
    (tmp_path / "careful.config.toml").write_text("", "utf-8")
    runner = runner_named("codex", {})
    runner.check(str(tmp_path), "careful")
    with pytest.raises(WrongUsageError, match="the agent carefull is no profile of Codex") as raised:
        runner.check(str(tmp_path), "carefull")
    assert raised.value.fix.startswith("did you mean careful?")


def test_a_program_with_a_slash_is_a_path_seen_from_the_folder(tmp_path):
    (tmp_path / "run").symlink_to(sys.executable)
    runner_named("own", {"own": Program(("./run",))}).check(str(tmp_path), "")
    with pytest.raises(ExternalError, match="is not there"):
        runner_named("own", {"own": Program(("./run",))}).check(str(tmp_path.parent), "")


UNKNOWN = {
    "near": ("claud", {}, "did you mean claude?"),
    "far": ("zzz", {}, "known are claude, codex, opencode;"),
    "own": ("fst", {"fast": Program(("x",))}, "did you mean fast?"),
    "any-program": ("command", {}, "known are claude, codex, opencode;"),
    "odd": ("../command", {}, "known are"),
}


@pytest.mark.parametrize(("name", "programs", "fix"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_runner_that_there_is_not_is_refused_with_the_nearest_one(name, programs, fix):
    with pytest.raises(WrongUsageError, match=f"there is no runner {name}") as raised:
        runner_named(name, programs)
    assert (raised.value.code, raised.value.exit_code) == ("UNKNOWN-RUNNER", ExitCode.USAGE)
    assert fix in raised.value.fix


def test_a_runner_without_a_command_is_not_said_to_be_unknown():
    with pytest.raises(WrongUsageError, match="the runner own has no command") as raised:
        runner_named("own", {"own": Program()})
    assert raised.value.fix == 'set [runners.own] command = ["program"]'
