"""Claude Code, and the home in which the tests let it run."""

import json

from tests.checkout import ROOT
from tests.integrations import clients
from tests.integrations.fake_model import FakeModel, Say, serving
from tests.integrations.npm import npm_installed
from tests.integrations.story import Tongue, project

PACKAGE = ("@anthropic-ai/claude-code", "2.1.197")
TONGUE = Tongue(server="mcp__vtm__", read="Read", write="Write", shell="Bash", path="file_path")
PLUGIN = TONGUE._replace(server="mcp__plugin_vtm_vtm__")
KINDS = {
    "agents": (".claude/agents", "*.md"),
    "slash_commands": (".claude/commands", "*.md"),
    "skills": (".claude/skills", "*/SKILL.md"),
}
"""Under what the client knows that which is defined in files."""
_ALLOWED = ("mcp__vtm", "mcp__plugin_vtm_vtm", "Bash(git *)", "Bash(vtm *)")


def program():
    """The program for this machine; skips without npm."""
    return clients.suitable(npm_installed(*PACKAGE), "@anthropic-ai/claude-code-*/claude")


def surroundings(home, url="http://127.0.0.1:9", trusted=()):
    """A home in which somebody has trusted these folders, as a person does when the client asks."""
    (home / ".claude").mkdir(parents=True)
    known = {"projects": {str(each): {"hasTrustDialogAccepted": True} for each in trusted}}
    (home / ".claude" / ".claude.json").write_text(json.dumps(known), "utf-8")
    return clients.surroundings(
        home,
        ANTHROPIC_API_KEY="none",
        ANTHROPIC_BASE_URL=url,
        CLAUDE_CODE_MAX_RETRIES="1",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        CLAUDE_CONFIG_DIR=str(home / ".claude"),
        DISABLE_AUTOUPDATER="1",
        DISABLE_TELEMETRY="1",
        MCP_CONNECTION_NONBLOCKING="0",  # the model's first turn waits for the server
        MCP_CONNECT_TIMEOUT_MS="60000",
    )


def told(script, here, home, *options):
    """Let the client follow a script in a folder; what was said, and what the client knows of itself."""
    model = FakeModel(script)
    call = [program(), "-p", "Take up a task.", "--output-format", "stream-json", "--verbose", *options]
    call += ["--permission-mode", "acceptEdits", "--allowedTools", *_ALLOWED]
    with serving(model) as url:
        printed = clients.run(call, here, surroundings(home, url, [here]))
    known = next(json.loads(line) for line in printed.splitlines() if '"subtype":"init"' in line)
    return {"conversation": model.conversation, "known": known}


def play(folder):
    """One task from claim to complete; on the way the model believes to be done when it is not."""
    program()
    here = project(folder / "project", "claude")
    script = [*TONGUE.working(here), Say("I am done."), *TONGUE.ending()]
    return told(script, here, folder / "home")


def play_with_plugin(folder):
    """A task is claimed and an edit goes astray, where nothing but the plugin is installed."""
    program()
    here = project(folder / "project", settings="")
    script = [*PLUGIN.working(here)[:3], Say("I am done.")]
    return told(script, here, folder / "home", "--plugin-dir", ROOT)
