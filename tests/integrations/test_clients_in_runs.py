"""A run from claim to merge with real clients, and a model that plays a script."""

import json

import pytest

from tests.integrations import claude_code, clients, opencode
from tests.integrations.fake_model import FakeModel, Say, serving
from tests.integrations.story import CODE, CRITERIA, TASK, TEST, project, results, state_of
from tests.projects import put
from tests.repositories import commit, git, vtm

pytestmark = pytest.mark.clients
REPORT = {
    "task_id": TASK,
    "status": "completed",
    "epoch": 1,
    "acs_completed": CRITERIA,
    "files_modified": [CODE, TEST],
    "test_results": {"passed": 1, "failed": 0, "command": "pytest"},
}
CLIENTS = {
    "claude": (claude_code, lambda home, url, tree: claude_code.surroundings(home, url, [tree])),
    "opencode": (opencode, lambda home, url, tree: opencode.surroundings(home, url)),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_one_task_from_claim_to_main(name, tmp_path):
    client, surroundings = CLIENTS[name]
    program = client.program()
    here = project(tmp_path / "project", name, settings="")
    if client is opencode:
        opencode.spare_installing(here / ".opencode")
    put(here, "vtm.toml", f"[runners.{name}]\ncommand = [{json.dumps(str(program))}]\n")
    commit(here, "Say what starts agents")
    tree = here / ".worktrees" / "feat" / TASK
    report, tongue = json.dumps(REPORT), client.TONGUE
    model = FakeModel([*tongue.working(tree)[3:], Say(f"All is done.\n\n```json\n{report}\n```")])
    asked = ["vtm", "run", "--runner", name, "--merge", "auto", "--until", "1", "--json"]
    with serving(model) as url:
        said = clients.run(asked, here, surroundings(tmp_path / "home", url, tree))

    *_, answer = (json.loads(line) for line in said.splitlines())
    assert (answer["outcome"], answer["completed"], answer["merged"]) == ("limit", [TASK], [TASK])
    assert not [each for each in results(model.conversation) if each.failed]
    assert f"--epoch 1 {TASK}" in json.dumps(model.conversation)
    entry = state_of(here)
    assert (entry["status"], entry["acs_completed"]) == ("completed", CRITERIA)
    assert git(here, "show", f"main:{CODE}") == "def kept(): ..."
    assert git(here, "worktree", "list", "--porcelain").count("worktree ") == 1
    (session,) = vtm(here, "sessions", "--json").json["sessions"]
    assert (session["id"], session["runner"], session["status"]) == (f"{TASK}:1", name, "completed")
