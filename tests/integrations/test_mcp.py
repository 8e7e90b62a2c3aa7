"""`vtm mcp`: what clients are told, what they can do, and what they are told when they cannot."""

import json

import pytest
from jsonschema import Draft202012Validator
from mcp import MCPError
from mcp.types import Implementation

from tests.integrations.mcp_clients import (
    MODES,
    answer,
    checked,
    compact,
    failure,
    served,
    talk,
    talk_over_pipe,
    text,
)
from tests.projects import HOSTILE, HOSTILE_ID, criteria, hostile, put, sample, task, write
from tests.repositories import commit, git, repository, vtm
from tests.state.projects import assert_sound, events, state
from tests.task_files import write_files
from vtm.integrations.mcp.tools import TOOLS
from vtm.model.facts import Caller
from vtm.rendering.plain import many_lines

ADA = Implementation(name="ada", version="1")
DONE = {"tests_passed": 3}


def shop(root):
    """Three tasks that can be claimed at once, with the tests that they list."""
    put(root, "tests/test_a.py", "")
    names = [f"A--T0{each}" for each in (1, 2, 3)]
    tasks = [
        task(name, acceptance_criteria=criteria(name, "x", "y"), file_scope=[f"src/{name}/**"])
        for name in names
    ]
    return write(root, tasks, {})


def claim(**given):
    return "vtm_claim", given


def update(action, name="A--T01", **given):
    return "vtm_update", {"task": name, "action": action, **given}


def complete(name="A--T01", **given):
    return "vtm_complete", {"task": name, **DONE, **given}


BLOCK = ("vtm_block", {"task": "A--T01", "reason": "r", "tried": "t", "suggest": "s"})
CONTEXT = ("vtm_context", {"task": "A--T01"})
MET = update("met", criteria=["AC01", "AC02"])


def tools_of(root):
    async def script(client):
        return await client.list_tools()

    return talk(root, script)


def test_tools_cost_little(tmp_path):
    listed = tools_of(tmp_path)
    assert len(listed.tools) <= 7
    assert len(compact(listed)) < 3000 * 4


def test_tools_say_what_they_are(tmp_path):
    tools = {tool.name: tool for tool in tools_of(tmp_path).tools}
    assert set(tools) == set(TOOLS)
    reading = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert reading == {"vtm_next", "vtm_show"}
    repeatable = {name for name, tool in tools.items() if tool.annotations.idempotent_hint}
    assert repeatable == {*reading, "vtm_context", "vtm_complete", "vtm_block"}
    for tool in tools.values():
        assert (tool.annotations.destructive_hint, tool.annotations.open_world_hint) == (False, False)
        assert tool.description
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
            assert schema["properties"]


@pytest.mark.parametrize("mode", MODES)
def test_from_claim_to_completion(mode, tmp_path):
    root = shop(tmp_path)

    async def script(client):
        calls = (claim(), CONTEXT, MET, update("note", text="fine"), complete())
        return [answer(await client.call_tool(*each)) for each in calls]

    claimed, documents, met, _, done = talk_over_pipe(root, script, mode=mode)
    assert (claimed["task_id"], claimed["agent"], claimed["epoch"]) == ("A--T01", "mcp", 1)
    assert claimed["session"].startswith("mcp-")
    assert [each["text"] for each in documents["pieces"]] == ["# Shop"]
    assert met["state"]["acs_remaining"] == []
    assert (done["from"], done["to"]) == ("in-progress", "completed")
    assert [each["event"] for each in events(root)] == ["start", "meet", "note", "complete"]
    assert {each["epoch"] for each in events(root)} == {1}
    assert state(root)["A--T01"]["notes"] == "fine"
    assert_sound(root)


def test_what_an_agent_asks_first(tmp_path):
    root = sample(tmp_path)
    (said,) = served(root, ("vtm_next", {}))
    found = answer(said)
    assert checked(found["next"]) == vtm(root, "next", "--json").json
    assert checked(found["pulse"])["tasks"] == vtm(root, "pulse", "--json").json["tasks"]
    assert found["nothing"] is None
    assert text(said).startswith("AUTH--T03: Sign out\n")
    assert "### Implementation Pulse" in text(said)


@pytest.mark.parametrize(
    "given",
    [{"phase": "9"}, {"startable": True, "risk": "High"}, {"startable": "true", "slice": "slice_1_1"}],
    ids=["filters", "gates", "lenient"],
)
def test_nothing_to_start_is_an_answer(given, tmp_path):
    found = answer(served(sample(tmp_path), ("vtm_next", given))[0])
    assert found["next"] is None
    assert checked(found["nothing"])["reason"]
    claimed = answer(served(tmp_path, claim(phase="9"))[0])
    assert claimed["outcome"] == "filtered"


def test_show(tmp_path):
    root = sample(tmp_path)
    (said,) = served(root, ("vtm_show", {"task": "AUTH--T02"}))
    assert answer(said) == vtm(root, "show", "AUTH--T02", "--json").json


def test_what_was_handed_over_whole_counts_as_read(tmp_path):
    root = shop(tmp_path)
    put(root, "docs/specs/shop.md", "# Shop\n\n## A--T01\n\nSell.\n\n" + "Much else.\n" * 2000)
    unread = "WARN::INCOMPLETE-CONTEXT-READ::A--T01"

    async def script(client):
        for budget in (300, 10_000):
            given = {"task": "A--T01", "budget": budget}
            said = await client.call_tool("vtm_context", given)
            claimed = await client.call_tool(
                "vtm_claim", {"task": "A--T01", "ttl": "1s", "agent": str(budget)}
            )
            found = {each["code"] for each in answer(claimed)["findings"]}
            await client.call_tool(*update("release", agent=str(budget)))
            yield answer(said)["truncated"], text(said).startswith("# Context of `A--T01`"), found

    async def all_of(client):
        return [each async for each in script(client)]

    assert talk(root, all_of) == [(True, True, {unread}), (False, True, set())]


CHANGES = {
    "met": ([claim(), MET], {"acs_completed": ["A--T01-AC01", "A--T01-AC02"]}),
    "unmet": (
        [claim(), MET, update("unmet", criteria=["A--T01-AC01"])],
        {"acs_completed": ["A--T01-AC02"]},
    ),
    "note": ([update("note", text="so")], {"notes": "so"}),
    "failed": ([claim(), update("failed", text="red")], {"status": "in-progress"}),
    "release": ([claim(), update("release")], {"status": "pending"}),
    "block": ([claim(), BLOCK], {"status": "blocked", "blocked_reason": "r"}),
    "unblock": ([BLOCK, update("unblock")], {"status": "pending"}),
    "complete": (
        [claim(), MET, complete(covers={"AC01": ["tests/test_a.py"]}, pr=7)],
        {"status": "completed", "pr_number": 7},
    ),
    "null is nothing": ([claim(task=None, ttl=None, risk=None)], {"status": "in-progress"}),
}


@pytest.mark.parametrize(("calls", "expected"), CHANGES.values(), ids=CHANGES)
def test_changes(calls, expected, tmp_path):
    root = shop(tmp_path)
    for said in served(root, *calls):
        answer(said)
    entry = state(root)["A--T01"]
    assert {name: entry.get(name) for name in expected} == expected
    assert_sound(root)


def test_heartbeat(tmp_path):
    claimed, beat = map(answer, served(shop(tmp_path), claim(ttl="1m"), update("heartbeat", ttl="2h")))
    assert beat["epoch"] == claimed["epoch"]
    assert beat["expires_at"] > claimed["expires_at"]


def test_a_blocked_task_gets_one_that_resolves_it(tmp_path):
    name, given = BLOCK
    blocked = answer(served(shop(tmp_path), (name, given | {"create_resolver": True}))[0])
    assert blocked["resolver"]
    assert vtm(tmp_path, "show", blocked["resolver"]).code == 0


REFUSED = {
    "unknown task": ([("vtm_show", {"task": "A--T1"})], "UNKNOWN-TASK", "did you mean A--T0"),
    "no room": ([("vtm_context", {"task": "A--T01", "budget": 1})], "BUDGET-TOO-SMALL", "allow at least"),
    "unknown criterion": ([claim(), update("met", criteria=["AC9"])], "UNKNOWN-CRITERION", "AC0"),
    "not claimed": ([MET], "ILLEGAL-TRANSITION", "start"),
    "no evidence": ([claim(), MET, ("vtm_complete", {"task": "A--T01"})], "BLOCKED::NO-EVIDENCE::A--T01", ""),
    "criteria left": ([claim(), complete()], "BLOCKED::ACS-NOT-MET::A--T01", ""),
    "stale epoch": ([claim(), update("met", criteria=["AC01"], epoch=0)], "BLOCKED::STALE-EPOCH::A--T01", ""),
    "no lease": ([update("heartbeat")], "USAGE", "epoch"),
    "somebody else's": (
        [claim(agent="eve"), update("met", criteria=["AC01"], agent="ada")],
        "BLOCKED::LEASE-HELD::A--T01",
        "",
    ),
    "taken": ([claim(agent="eve"), claim(task="A--T01", agent="ada")], "BLOCKED::LEASE-HELD::A--T01", ""),
    "criteria missing": ([claim(), update("met")], "USAGE", "criteria"),
    "text missing": ([update("note", text=" ")], "USAGE", "text"),
    "unknown argument": ([("vtm_show", {"tsk": "A--T01"})], "USAGE", "did you mean task?"),
    "missing argument": ([("vtm_show", {})], "USAGE", "it takes task"),
    "wrong type": ([("vtm_show", {"task": ["A--T01"]})], "USAGE", "it takes task"),
    "unknown action": ([update("finish")], "USAGE", "action"),
    "blank reason": ([(BLOCK[0], BLOCK[1] | {"reason": "  "})], "USAGE", "reason"),
    "no length of time": ([claim(ttl="soon")], "USAGE", "ttl"),
    "unknown test": ([claim(), complete(covers={"AC01": ["tests/none.py"]})], "UNKNOWN-TEST", ""),
    "other project": ([claim(worktree="..")], "OTHER-PROJECT", "git worktree list"),
    "no path": ([claim(worktree="a\0b")], "OTHER-PROJECT", ""),
}


@pytest.mark.parametrize(("calls", "code", "fix"), REFUSED.values(), ids=REFUSED)
def test_refused(calls, code, fix, tmp_path):
    root = shop(tmp_path / "shop")
    *before, refused, after = served(root, *calls, ("vtm_next", {}))
    for said in before:
        answer(said)
    found = failure(refused)
    assert found["code"] == code
    assert fix in found["fix"]
    assert found["message"] in text(refused)
    assert f"the code of this is {code}" in text(refused)
    assert f"fix: {found['fix']}" in text(refused)
    answer(after)
    changed = [each for each in before if "event" in each.structured_content]
    assert len(events(root) if changed else []) == len(changed)


def test_without_a_backlog_the_server_answers(tmp_path):
    first, _ = served(tmp_path, ("vtm_next", {}), ("vtm_claim", {}))
    assert failure(first)["code"] == "BLOCKED::MANIFEST-MISSING"


def test_the_backlog_is_read_anew_for_each_call(tmp_path):
    async def script(client):
        before = await client.call_tool("vtm_next", {})
        shop(tmp_path)
        return before, await client.call_tool("vtm_next", {})

    before, after = talk(tmp_path, script)
    assert failure(before)
    assert answer(after)["next"]["task_id"] == "A--T01"


def test_what_cannot_be_read_is_said(tmp_path):
    root = write_files(shop(tmp_path), [task("B--T01")])
    put(root, "tasks/torn.md", "---\nid: [\n---\n")
    (said,) = served(root, ("vtm_next", {}))
    answer(said)
    assert "tasks/torn.md cannot be read and left out" in said.content[1].text


def test_without_a_database_documents_are_there_all_the_same(tmp_path):
    root = shop(tmp_path)
    (root / ".vtm/runtime.db").mkdir(parents=True)
    (said,) = served(root, CONTEXT)
    assert answer(said)["pieces"]
    assert "it was not kept that they were read: runtime.db" in said.content[1].text


def test_without_git_questions_are_answered(tmp_path, monkeypatch):
    root = shop(repository(tmp_path / "shop"))
    write(root, [task("A--T01")], {}, {"timestamp": "2026-03-01T08:00:00Z"})
    monkeypatch.setenv("PATH", "")
    shown, startable = served(root, ("vtm_show", {"task": "A--T01"}), ("vtm_next", {"startable": True}))
    assert answer(shown)["task_id"] == "A--T01"
    assert "answered without git" in shown.content[1].text
    assert failure(startable)["exit"] == 5


@pytest.mark.parametrize("mode", MODES)
def test_unknown_tool(mode, tmp_path):
    async def script(client):
        with pytest.raises(MCPError, match="there is no tool vtm_nxt; fix: call vtm_next") as raised:
            await client.call_tool("vtm_nxt", {})
        assert checked(raised.value.data)["code"] == "UNKNOWN-TOOL"
        return await client.call_tool("vtm_next", {})

    answer(talk(shop(tmp_path), script, mode=mode))


@pytest.mark.parametrize("mode", MODES)
def test_a_bug_ends_one_call_only(mode, tmp_path, monkeypatch, caplog):
    def broken(*_):
        raise ValueError("boom")

    monkeypatch.setitem(TOOLS, "vtm_show", TOOLS["vtm_show"]._replace(does=broken))

    async def script(client):
        with pytest.raises(MCPError):
            await client.call_tool("vtm_show", {"task": "A--T01"})
        return await client.call_tool("vtm_next", {})

    answer(talk(shop(tmp_path), script, mode=mode))
    assert "boom" in caplog.text


AGENTS = {
    "client": ({}, {}, "ada"),
    "option": ({"agent": "eve"}, {}, "eve"),
    "argument": ({"agent": "eve"}, {"agent": "bob"}, "bob"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("given", "said", "agent"), AGENTS.values(), ids=AGENTS)
def test_who_it_is(given, said, agent, mode, tmp_path):
    caller = Caller(**given, session="s1")
    (claimed,) = served(shop(tmp_path), claim(**said), caller=caller, name=ADA, mode=mode)
    assert (answer(claimed)["agent"], answer(claimed)["session"]) == (agent, "s1")


def test_a_name_that_says_nothing_or_too_much(tmp_path):
    root = shop(tmp_path)
    for name, agent in ((" ", "mcp"), ("\x1b[31m" + "x" * 200, "\\x1b[31m" + "x" * 72)):
        (claimed,) = served(root, claim(), name=Implementation(name=name, version="1"))
        assert answer(claimed)["agent"] == agent


def test_a_lease_that_was_granted_elsewhere(tmp_path):
    root = shop(tmp_path)
    epoch = vtm(root, "start", "A--T01", "--agent", "ada", "--json").json["epoch"]
    given, known, unknown = (
        served(root, update("met", criteria=["AC01"], **more), name=ADA, caller=caller)[0]
        for more, caller in (({"epoch": epoch}, Caller()), ({}, Caller(epoch=epoch)), ({}, Caller()))
    )
    assert answer(given)
    assert answer(known)
    assert failure(unknown)["code"] == "BLOCKED::LEASE-HELD::A--T01"


def test_claiming_again_is_the_same_claim(tmp_path):
    first, again = map(answer, served(shop(tmp_path), claim(), claim(task="A--T01")))
    assert first["epoch"] == again["epoch"]
    assert len(events(tmp_path)) == 1


def test_from_another_worktree(tmp_path):
    main = repository(tmp_path / "main", commit_first=False)
    write(main, [task("A--T01")], {})
    commit(main)
    linked = tmp_path / "linked"
    git(main, "worktree", "add", "-q", "-b", "feature", str(linked))
    put(linked, "tests/test_a.py", "")
    sha = commit(linked, "Test it")
    given = {"tests_passed": 1, "commit": "feature"}
    claimed, _, lacking, done = served(
        main,
        claim(),
        update("met", criteria=["AC01"]),
        complete(**given),
        complete(**given, worktree="../linked"),
    )
    answer(claimed)
    assert failure(lacking)["code"] == "BLOCKED::MISSING-TESTS::A--T01"
    assert answer(done)["state"]["evidence"]["commit"] == sha
    assert git(linked, "status", "--porcelain") == ""


def strings(value):
    """Every string in a value."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [each for one in value for each in strings(one)]
    return [value] if isinstance(value, str) else []


def test_hostile_text_hides_nothing(tmp_path):
    root = hostile(tmp_path)
    shown = many_lines(HOSTILE_ID)

    async def script(client):
        said = [
            await client.call_tool(*each)
            for each in (
                ("vtm_next", {}),
                ("vtm_next", {"startable": True}),
                ("vtm_claim", {}),
                ("vtm_show", {"task": HOSTILE_ID}),
                ("vtm_show", {"task": shown}),
                ("vtm_show", {"task": HOSTILE}),
                ("vtm_update", {"task": shown, "action": "note", "text": HOSTILE}),
                ("vtm_update", {"task": HOSTILE[:30], "action": "note", "text": "x"}),
            )
        ]
        listed = await client.list_resources()
        read = [await client.read_resource(each.uri) for each in listed.resources]
        return said, listed, read

    said, listed, read = talk(root, script, name=Implementation(name=HOSTILE, version="1"))
    found = [each for one in said for each in strings([one.structured_content, text(one)])]
    found += strings(json.loads(compact(listed)))
    found += [each.contents[0].text for each in read]
    assert {each for each in found if many_lines(each) != each} == set()
    assert answer(said[3])["task_id"] == answer(said[4])["task_id"] == shown


def test_hostile_ids_can_be_named_as_they_are_shown(tmp_path):
    entry = task(HOSTILE_ID, acceptance_criteria=criteria("PAY--T06", "It works"))
    root = write(tmp_path, [entry], {})
    put(root, "tests/test_pay.py", "")
    claimed, met, done = served(
        root,
        claim(),
        update("met", many_lines(HOSTILE_ID), criteria=["AC01"]),
        complete(many_lines(HOSTILE_ID)),
    )
    assert answer(claimed)["task_id"] == many_lines(HOSTILE_ID)
    assert (answer(met)["to"], answer(done)["to"]) == ("in-progress", "completed")
    assert state(root)[HOSTILE_ID]["status"] == "completed"
