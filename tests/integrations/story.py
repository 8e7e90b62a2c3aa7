"""What every client does in the tests: one task of a small project, from claim to complete."""

import json
from typing import NamedTuple

from tests.integrations.fake_model import Call, Say
from tests.projects import SPEC, STATE, criteria, put, task, write
from tests.repositories import commit, repository, vtm
from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.stores.runtime import SqliteRuntime

TASK = "AUTH--T01"
CRITERIA = [f"{TASK}-AC01", f"{TASK}-AC02"]
CODE, TEST, OUTSIDE = "src/auth/hashes.py", "tests/test_auth.py", "src/mail/greeting.py"
READ = SPEC
_AGENT = "ada"
_SAVE = f"git add {CODE} {TEST} && git commit -q -m 'Keep hashes'"
_RECORD = f"vtm ac {TASK} AC01 --agent {_AGENT} --epoch 1"


def project(folder, client="", settings='[hooks]\nscope = "refuse"\n'):
    """A repository with two tasks, prepared by `vtm init` for a client if one is named."""
    repository(folder, commit_first=False)
    tasks = [
        task(TASK, "Keep passwords as hashes", acceptance_criteria=criteria(TASK, "Slow", "Salted")),
        task("MAIL--T01", "Mail a greeting", [TASK]),
    ]
    write(folder, tasks)
    put(folder, "vtm.toml", settings)
    if client:
        prepared = vtm(folder, "init", "--agent", client)
        assert prepared.code == 0, prepared.err
    commit(folder, "Plan")
    return folder


class Tongue(NamedTuple):
    """How a client calls the tools that it offers to a model."""

    server: str
    read: str
    write: str
    shell: str
    path: str

    def ask(self, tool, **given):
        """A call of a tool of vtm's server."""
        return Call(f"{self.server}{tool}", {"task": TASK, "agent": _AGENT, **given})

    def reads(self, path):
        """The model reads a file."""
        return Call(self.read, {self.path: str(path)})

    def writes(self, path, content):
        """The model writes a file."""
        return Call(self.write, {self.path: str(path), "content": content})

    def runs(self, command):
        """The model runs a command."""
        return Call(self.shell, {"command": command, "description": "Do the work"})

    def working(self, folder):
        """Steps from the claim to a commit; on the way the model goes astray once."""
        return [
            self.ask("vtm_claim"),
            self.reads(folder / READ),
            self.writes(folder / OUTSIDE, "astray\n"),
            self.writes(folder / CODE, "def kept(): ...\n"),
            self.writes(folder / TEST, "def test_kept(): ...\n"),
            self.runs(_SAVE),
        ]

    def ending(self):
        """Steps that record what was done, on the command line and through the server."""
        return [
            self.runs(_RECORD),
            self.ask("vtm_update", action="met", criteria=CRITERIA[1:]),
            self.ask("vtm_complete", tests_passed=1, commit="HEAD"),
            Say("The task is complete."),
        ]


class Result(NamedTuple):
    """What a client made of one call of a tool."""

    tool: str
    text: str
    failed: bool


def results(conversation):
    """What came of each call of the model; text that the client has put beside an answer counts too."""
    called = {}
    for message in conversation["messages"]:
        blocks = _blocks(message["content"])
        called |= {block["id"]: block["name"] for block in blocks if block["type"] == "tool_use"}
        beside = _text([block for block in blocks if block["type"] == "text"])
        for block in blocks:
            if block["type"] == "tool_result":
                text = f"{_text(_blocks(block['content']))}\n{beside}"
                yield Result(called[block["tool_use_id"]], text, block.get("is_error", False))


def before_the_first_answer(conversation):
    """All that the model was told before it said anything."""
    told = [conversation.get("system", "")]
    for message in conversation["messages"]:
        if message["role"] == "assistant":
            break
        told.append(message["content"])
    return "\n".join(_text(_blocks(each)) for each in told)


def reminders(conversation):
    """What the model was told, once it had stopped, of the task that it still had."""
    said = [each["content"] for each in conversation["messages"] if each["role"] == "user"]
    return [text for text in (_text(_blocks(each)) for each in said) if f"{TASK} is claimed" in text]


def defined(folder, pattern):
    """Names of what is defined in a folder, each in a file or in a folder of its own."""
    found = folder.glob(pattern)
    return {path.parent.name if path.name == "SKILL.md" else path.stem for path in found}


def state_of(folder):
    """The entry of the task in the state file."""
    return json.loads((folder / STATE).read_text("utf-8"))["tasks"][TASK]


def receipts(folder):
    """Paths of which there is a receipt for the task."""
    runtime = SqliteRuntime(runtime_folder(App.at(folder).project))
    return {receipt.path for receipt in runtime.receipts(TASK)}


def _blocks(content):
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _text(blocks):
    return "\n".join(block.get("text", "") for block in blocks)
