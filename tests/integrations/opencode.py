"""OpenCode, and the home in which the tests let it run."""

import json
from urllib.request import urlopen

from tests.integrations import clients
from tests.integrations.fake_model import FakeModel, Say, serving
from tests.integrations.npm import npm_installed
from tests.integrations.story import Tongue, project

PACKAGE = ("opencode-ai", "1.18.33")
PLUGINS = ("@opencode-ai/plugin", PACKAGE[1])
TONGUE = Tongue(server="vtm_", read="read", write="write", shell="bash", path="filePath")
KINDS = {"agent": (".opencode/agents", "*.md"), "command": (".opencode/commands", "*.md")}
"""Under what the client knows that which is defined in files."""
_MODEL = "anthropic/fake"
_OFF = ("AUTOUPDATE", "DEFAULT_PLUGINS", "EXTERNAL_SKILLS", "LSP_DOWNLOAD", "MODELS_FETCH", "SHARE")


def program():
    """The program for this machine; skips without npm."""
    return clients.suitable(npm_installed(*PACKAGE), "opencode-*/bin/opencode")


def surroundings(home, url):
    """A home whose configuration knows the model, and nothing else."""
    settings = {
        "model": _MODEL,
        "small_model": _MODEL,
        "enabled_providers": ["anthropic"],
        "snapshot": False,
        "provider": {
            "anthropic": {
                "options": {"baseURL": f"{url}/v1", "apiKey": "none"},
                "models": {"fake": {"tool_call": True, "limit": {"context": 200_000, "output": 8_000}}},
            }
        },
    }
    folder = home / "config" / "opencode"
    spare_installing(folder)
    (folder / "opencode.json").write_text(json.dumps(settings), "utf-8")
    return clients.surroundings(home, **{f"OPENCODE_DISABLE_{each}": "1" for each in _OFF})


def spare_installing(folder):
    """Put into a folder of settings what the client would install there from npm at each start."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = npm_installed(*PLUGINS)
    (folder / "node_modules").symlink_to(installed / "node_modules", target_is_directory=True)
    for name in ("package.json", "package-lock.json"):
        wanted = (installed / name).read_text("utf-8")
        (folder / name).write_text(wanted.replace('"^', '"'), "utf-8")  # it asks for the exact version


def play(folder):
    """One task from claim to complete; what was said, and what the client knows of itself.

    On the way the model believes to be done when it is not. Whoever runs the client in a terminal goes on
    with it then; here a server stands for that, because a client that is run once ends there.
    """
    started = program()
    here = project(folder / "project", "opencode")
    spare_installing(here / ".opencode")
    model = FakeModel([*TONGUE.working(here), Say("I am done."), *TONGUE.ending()])
    with serving(model) as url:
        environment = surroundings(folder / "home", url)
        with clients.started([started, "serve", "--port", "0"], here, environment) as server:
            address = next(word for line in server.stdout for word in line.split() if word.startswith("http"))
            call = [started, "run", "--attach", address, "--title", "A task", "Take up a task."]
            clients.run(call, here, environment)
            assert model.finished.wait(clients.PATIENCE)
            with urlopen(f"{address}/config") as answer:
                known = json.load(answer)
    return {"conversation": model.conversation, "known": known}
