"""`GAP::UNKNOWN-AGENT` and `GAP::AGENT-FILE` over real files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.projects import put, task, write
from tests.repositories import git, repository, vtm
from vtm.app.world import World
from vtm.rules.registry import load
from vtm.rules.rule import Need
from vtm.sources.agent_file import claude_flaws, front_matter, opencode_flaws

REVIEWER = ".claude/agents/reviewer.md"
GOOD = "name: reviewer\ndescription: Reads changes\n"


@pytest.fixture
def root(tmp_path):
    return write(tmp_path, [task("A--T01")])


def findings(root, code):
    answer = vtm(root, "validate", "--json", "--select", code)
    assert answer.code == 0
    return [
        (each["location"]["path"], each["location"].get("line", 0), each["message"])
        for each in answer.json["findings"]
    ]


def agent(root, head, path=REVIEWER):
    put(root, path, f"---\n{head}---\n\nYou review.\n")


def flaws(root):
    return [(line, message) for _, line, message in findings(root, "GAP::AGENT-FILE")]


# --- agents that are named

SETTINGS = 'wip_limit = 2\n[agents]\nLow = "general-purpose"\nHigh = "reviewer"\n'


@pytest.mark.parametrize(
    ("path", "text"),
    {
        REVIEWER: f"---\n{GOOD}---\nx\n",
        ".claude/agents/team/r.md": f"---\n{GOOD}---\nx\n",
        ".opencode/agents/reviewer.md": "---\ndescription: x\n---\nx\n",
        ".opencode/agent/reviewer.md": "---\ndescription: x\n---\nx\n",
        "opencode.json": '{"agent": {"reviewer": {"prompt": "x"}}}',
        ".codex/agents/reviewer.toml": 'name = "reviewer"\n',
        "docs/reviewer.md": None,
        ".claude/agents/other.md": None,
        ".opencode/agents/README.md": None,
        ".codex/agents/broken.toml": None,
    }.items(),
)
def test_an_agent_that_settings_name_is_defined_somewhere(path, text, root):
    put(root, "vtm.toml", SETTINGS)
    put(root, path, text or f"---\n{GOOD}---\nx\n".replace("name: reviewer", "name: other"))
    found = findings(root, "GAP::UNKNOWN-AGENT")
    wrong = [("vtm.toml", 4, "the agent reviewer is named here and nobody defines it")]
    assert found == ([] if text else wrong)


NAMED = {
    "for-all": ('agent = "nobody"', True),
    "by-risk": ('[agents.risks.High]\nagent = "nobody"', True),
    "by-kind": ('[agents.kinds.research]\nrunner = "opencode"\nagent = "nobody"', True),
    "defined": ('[agents.kinds.research]\nagent = "reviewer"', False),
    "profile-of-codex": ('[agents.kinds.research]\nrunner = "codex"\nagent = "nobody"', False),
    "of-a-program-of-ones-own": ('runner = "own"\nagent = "nobody"\n[runners.own]\ncommand = ["x"]', False),
}


@pytest.mark.parametrize(("text", "wrong"), NAMED.values(), ids=NAMED)
def test_an_agent_that_does_tasks_is_defined_where_its_client_looks(text, wrong, root):
    agent(root, GOOD)
    put(root, "vtm.toml", f"[agents]\n{text}\n")
    line = next(at for at, each in enumerate(["", *text.split("\n")], 1) if each.startswith("agent = "))
    found = [("vtm.toml", line, "the agent nobody is named here and nobody defines it")]
    assert findings(root, "GAP::UNKNOWN-AGENT") == (found if wrong else [])


CALLS = {
    'subagent_type: "{}"': True,
    "subagent_type: {}": True,
    'Task(subagent_type="{}")': True,
    '<parameter name="subagent_type">{}</parameter>': True,
    '"subagent_type": "{}"': True,
    'subagent_type: "plugin:{}"': False,
    'subagent_type: "{}:agent"': False,
    'subagent_type: "{{{{ agent }}}}" {}': False,
    "Give it to {}.": False,
}


@pytest.mark.parametrize(("call", "seen"), CALLS.items())
@pytest.mark.parametrize("name", ["reviewer", "nobody"])
def test_an_agent_that_a_prompt_calls_is_defined(name, call, seen, root):
    agent(root, GOOD)
    put(root, ".vtm/templates/mine.md.j2", f"First.\n\n{call.format(name)}\n")
    found = findings(root, "GAP::UNKNOWN-AGENT")
    assert found == (
        [(".vtm/templates/mine.md.j2", 3, "the agent nobody is named here and nobody defines it")]
        if seen and name == "nobody"
        else []
    )


def test_the_templates_of_vtm_are_not_the_projects(root):
    put(root, "vtm.toml", '[paths]\ntemplates = "prompts"\n')
    put(root, ".vtm/templates/mine.md.j2", "subagent_type: nobody\n")
    assert findings(root, "GAP::UNKNOWN-AGENT") == []
    put(root, "prompts/deep/mine.md.j2", "subagent_type: nobody\n")
    assert len(findings(root, "GAP::UNKNOWN-AGENT")) == 1


def test_the_callers_worktree_defines_agents(tmp_path):
    top = repository(tmp_path / "top")
    write(top, [task("A--T01")])
    put(top, "vtm.toml", SETTINGS)
    git(top, "worktree", "add", "-q", str(tmp_path / "tree"))
    agent(tmp_path / "tree", GOOD)
    assert len(findings(top, "GAP::UNKNOWN-AGENT")) == 1
    assert findings(tmp_path / "tree", "GAP::UNKNOWN-AGENT") == []


# --- front matter

CLAUDE = {
    "good": (GOOD, []),
    "all-keys": (
        f"{GOOD}tools: Read, Grep\nmodel: inherit\ncolor: green\nskills: [a]\nmaxTurns: 3\nhooks: {{}}\n",
        [],
    ),
    "tools-as-a-list": (f"{GOOD}tools:\n  - Task\n  - Read\ndisallowedTools: []\n", []),
    "model-by-id": (f"{GOOD}model: claude-sonnet-4-5\n", []),
    "folded": ("name: reviewer\ndescription: >\n  Reads: all of it\n", []),
    "quoted": ('name: reviewer\ndescription: "Use it: always"\n', []),
    "colon": (
        "name: reviewer\ndescription: Use it: always\n",
        [(3, "the front matter is not YAML: a colon and a space in a value need quotes around it")],
    ),
    "tab": (
        f"{GOOD}tools:\n\t- Read\n",
        [(5, "the front matter is not YAML: a tab cannot indent or begin a value")],
    ),
    "cut-quote": (
        'name: reviewer\ndescription: "x\n',
        [(4, "the front matter is not YAML: found unexpected end of stream")],
    ),
    "empty": ("", [(2, "the front matter holds no keys")]),
    "a-text": ("reviewer\n", [(2, "the front matter holds no keys")]),
    "no-name": ("description: x\n", [(1, "name is missing, and the agent does not exist without it")]),
    "no-description": (
        "name: reviewer\ndescription:\n",
        [(3, "description is missing, and the agent does not exist without it")],
    ),
    "name-is-a-number": (
        "name: 7\ndescription: x\n",
        [(2, "name is no text, and the agent does not exist without it")],
    ),
    "description-is-a-list": (
        "name: reviewer\ndescription: [x]\n",
        [(3, "description is no text, and the agent does not exist without it")],
    ),
    "hyphen": (
        "name: -x\ndescription: x\n",
        [(2, "name begins with a hyphen, and such an agent does not exist")],
    ),
    "unknown-keys": (
        f"{GOOD}status: old\ntool: Read\n",
        [(4, "status is no key that counts for an agent"), (5, "tool is no key that counts for an agent")],
    ),
    "tools-as-a-map": (
        f"{GOOD}tools: {{Read: true}}\n",
        [(4, "tools is neither a list of names nor names with commas between them")],
    ),
    "tools-of-numbers": (
        f"{GOOD}tools: [1]\n",
        [(4, "tools is neither a list of names nor names with commas between them")],
    ),
    "model": (f"{GOOD}model: gpt\n", [(4, "model gpt names no model")]),
    "model-is-a-list": (f"{GOOD}model: []\n", [(4, "model is no text and names no model")]),
    "twice": (f"{GOOD}name: other\n", [(4, "name is there twice, and only one of them counts")]),
    "key-is-a-list": (f"{GOOD}? [a]\n: b\n", [(4, "a key of the front matter is no text")]),
}


@pytest.mark.parametrize(("head", "wanted"), CLAUDE.values(), ids=CLAUDE)
def test_what_claude_code_would_leave_out(head, wanted, root):
    agent(root, head)
    assert flaws(root) == wanted


OPENCODE = {
    "good": ("description: x\nmode: subagent\nmodel: a/b\ntools: {write: false}\nmine: 1\n", []),
    "no-description": (
        "mode: all\n",
        [(1, "description is missing, and nobody learns when to use the agent")],
    ),
    "mode": ("description: x\nmode: worker\n", [(3, "mode is none of all, primary, subagent")]),
    "model": ("description: x\nmodel: sonnet\n", [(3, "model is not written as provider/model")]),
    "tools": (
        "description: x\ntools: [read]\n",
        [(3, "tools is not a map from names to true or false")],
    ),
    "colon": (
        "description: a: b\n",
        [(2, "the front matter is not YAML: a colon and a space in a value need quotes around it")],
    ),
}


@pytest.mark.parametrize(("head", "wanted"), OPENCODE.values(), ids=OPENCODE)
def test_what_opencode_would_leave_out(head, wanted, root):
    agent(root, head, ".opencode/agents/reviewer.md")
    assert flaws(root) == wanted


@pytest.mark.parametrize(
    ("data", "message"),
    {
        b"": "there is no front matter",
        b"# Reviewer\n": "there is no front matter",
        b" ---\nname: x\n---\n": "there is no front matter",
        b"---\nname: x\n": "the front matter has no end",
        b"\xff\xfe\x00": "there is no front matter",
        b"---\n" + b"[" * 2000 + b"\n---\n": "the front matter is too long or has too many brackets",
        b"---\na: &a [x]\nb: *c\n---\n": "the front matter is not YAML: found undefined alias 'c'",
        b"---\nname: \x00\n---\n": "the front matter is not YAML: unacceptable character #x0000",
    }.items(),
)
def test_a_file_that_is_no_agent(data, message, root):
    put(root, REVIEWER, "").write_bytes(data)
    ((_, found),) = flaws(root)
    assert found.startswith(message)


def test_line_ends_and_a_mark_at_the_beginning_do_no_harm(root):
    put(root, REVIEWER, "").write_bytes(
        b"\xef\xbb\xbf" + f"---\n{GOOD}---\nx\n".replace("\n", "\r\n").encode()
    )
    assert flaws(root) == []


def test_two_agents_of_one_name_are_told_of(root):
    agent(root, GOOD, ".claude/agents/a.md")
    agent(root, GOOD, ".claude/agents/b/c.md")
    assert findings(root, "GAP::AGENT-FILE") == [
        (".claude/agents/b/c.md", 1, "name reviewer is that of .claude/agents/a.md too")
    ]


def test_two_agents_without_a_name_have_no_name_in_common(root):
    for name in ("a", "b"):
        agent(root, "description: Reads changes\n", f".claude/agents/{name}.md")
    missing = (1, "name is missing, and the agent does not exist without it")
    assert flaws(root) == [missing, missing]


def test_nothing_outside_the_project_is_looked_at(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    put(elsewhere, "agents/x.md", "Nothing\n")
    (root / ".claude").symlink_to(elsewhere)
    (root / ".opencode/agents").mkdir(parents=True)
    (root / ".opencode/agents/x.md").symlink_to(elsewhere / "agents/x.md")
    assert flaws(root) == []


def test_what_is_installed_is_sound(root):
    for client in ("claude", "opencode", "codex"):
        assert vtm(root, "init", "--agent", client).code == 0
    assert flaws(root) == []


@pytest.mark.parametrize("code", ["GAP::UNKNOWN-AGENT", "GAP::AGENT-FILE"])
def test_only_who_judges_the_backlog_pays_for_it(code, root, monkeypatch):
    """`vtm next` and the start of a task must not wait for files that hold no task up."""
    assert Need.AGENTS in load(code).needs
    monkeypatch.setattr(World, "_agents", lambda self: pytest.fail("it was looked at"))
    for call in ("next", "next --startable", "start A--T01 --dry-run", "note A--T01 x"):
        assert vtm(root, *call.split()).code in {0, 1}


@given(head=st.text(alphabet="name:dscriptol -[]{}&*!|>'\"%@`#\t\n\r?,~\x00é\ud800", max_size=40))
def test_any_front_matter_is_judged(head):
    front = front_matter(f"---\n{head}\n---\n")
    for each in [*front.flaws, *claude_flaws(front), *opencode_flaws(front)]:
        assert each.line >= 1
        assert each.message


def test_settings_of_opencode_with_comments_define_nothing(root):
    put(root, "vtm.toml", SETTINGS)
    put(root, "opencode.json", '{ // mine\n"agent": {"reviewer": {}}}')
    assert len(findings(root, "GAP::UNKNOWN-AGENT")) == 1
    put(root, "opencode.json", json.dumps({"agent": ["reviewer"]}))
    assert len(findings(root, "GAP::UNKNOWN-AGENT")) == 1
