"""`vtm batch` from the outside: steps, waves, what is left after a lost context, locks at the same time."""

import json
import shlex
import subprocess
import sys
from datetime import datetime
from itertools import product

import click
import pytest

from tests.cli.processes import ROOT, environment
from tests.cli.test_commands import checked
from tests.cli.test_plan import free, project
from tests.projects import HOSTILE, HOSTILE_ID, MANIFEST, STATE, put, task
from tests.repositories import vtm
from tests.sessions import ELSEWHERE, agents, keep, session
from vtm.cli.main import main
from vtm.model.session import SessionStatus

NOW = "2026-03-10T12:00:00Z"
LATER = "2026-03-10T14:00:00Z"
OPEN = "wip_limit = 0\n"


@pytest.fixture
def shop(tmp_path):
    """Six tasks that may run together, and one that runs alone."""
    return shop_of(tmp_path, *[free(f"A--T0{number}") for number in range(1, 7)], free("H", risk="High"))


def shop_of(root, *tasks, settings=OPEN, state=None):
    for each in tasks:
        for test in each["test_verification"]:
            put(root, test, "")
    return project(root, *tasks, state=state, settings=settings)


def done(root, *arguments, code=0):
    """The JSON of one command, which follows its schema."""
    answer = vtm(root, *arguments, "--json", "--now", NOW)
    assert answer.code == code, answer.out
    return checked(answer)


def marks(root, batch="B1"):
    return {each["task_id"]: each["mark"] for each in done(root, "batch", "status", batch)["tasks"]}


def names(tasks):
    return [each["task_id"] for each in tasks]


def complete(root, name, *more, code=0):
    done(root, "ac", name, "AC01", *more)
    return done(root, "batch", "complete", name, "--run", "true", *more, code=code)


def waves(root, batch="B1", *more, now=NOW):
    answer = vtm(root, "batch", "resume", batch, *more, "--json", "--now", now)
    return [names(wave["tasks"]) for wave in checked(answer)["waves"]]


# --- steps

NAME = "A--T01"
READY = {
    "none": (),
    "O": ("batch lock --size 7",),
    "i": ("batch lock --size 7", f"batch start {NAME}"),
    "I": (
        "batch lock --size 7",
        f"batch start {NAME}",
        f"ac {NAME} AC01",
        f"batch complete {NAME} --run true",
    ),
    "Q": (
        f"batch lock --size 1 --slice {NAME}",
        f"batch start {NAME}",
        f"ac {NAME} AC01",
        f"batch complete {NAME} --run true",
        "batch finish --batch B1",
    ),
    "blocked": ("batch lock --size 7", f"block {NAME} --reason x --tried y --suggest z"),
    "abandoned": ("batch lock --size 7", f"abandon {NAME} --reason x"),
    "gone": ("batch lock --size 7", "forget"),
}
"""How a task comes to stand so, by commands."""
COMMANDS = {
    "start": f"batch start {NAME}",
    "complete": f"batch complete {NAME} --run true",
    "reset": f"batch reset {NAME}",
}
AFTER = {
    ("O", "start"): "i",
    ("i", "complete"): "I",
    ("i", "reset"): "O",
    ("I", "reset"): "O",
    ("blocked", "reset"): "O",
    ("abandoned", "reset"): "O",
}
LEGAL = {
    "none": "`vtm batch lock`",
    "O": "legal: `vtm batch start`",
    "i": "legal: `vtm batch complete`, `vtm batch reset`",
    "I": "legal: `vtm batch finish`, `vtm batch reset`",
    "Q": "legal: nothing",
    "blocked": "legal: `vtm batch reset`",
    "abandoned": "legal: `vtm batch reset`",
}


def ready(root, mark):
    """A project in which `NAME` stands so in B1."""
    shop_of(root, free(NAME, slice=f"Slice {NAME}"), free("A--T02"), free("A--T03"))
    for each in READY[mark]:
        if each == "forget":
            forget(root, NAME)
        else:
            done(root, *shlex.split(each))
    if mark != "none":
        assert marks(root)[NAME] == mark
    return root


def forget(root, name):
    document = json.loads((root / MANIFEST).read_text("utf-8"))
    document["tasks"] = [each for each in document["tasks"] if each["task_id"] != name]
    put(root, MANIFEST, json.dumps(document))


@pytest.mark.parametrize(("mark", "step"), list(product(READY, COMMANDS)))
def test_each_step_is_taken_or_refused(mark, step, tmp_path):
    root = ready(tmp_path, mark)
    if (mark, step) == ("i", "complete"):
        done(root, "ac", NAME, "AC01")
    before = (root / STATE).read_bytes() if (root / STATE).exists() else b""
    if (mark, step) in AFTER:
        done(root, *shlex.split(COMMANDS[step]))
        assert marks(root)[NAME] == AFTER[mark, step]
        return
    answer = done(root, *shlex.split(COMMANDS[step]), code=2 if mark == "gone" else 4)
    if mark == "gone":
        assert answer["code"] == "UNKNOWN-TASK"
    else:
        assert answer["code"] == "OUT-OF-ORDER"
        assert LEGAL[mark] in answer["fix"]
    assert ((root / STATE).read_bytes() if (root / STATE).exists() else b"") == before


@pytest.mark.parametrize("mark", [each for each in READY if each != "none"])
def test_finish_takes_all_or_says_which_are_not_done(mark, tmp_path):
    root = ready(tmp_path, mark)
    for name in marks(root).keys() - {NAME}:
        done(root, "batch", "start", name)
        complete(root, name)
    before = marks(root)
    answer = done(root, "batch", "finish", "--batch", "B1", code=0 if mark == "I" else 4)
    if mark == "I":
        assert set(names(answer["tasks"])) == set(before)
        assert set(marks(root).values()) == {"Q"}
        assert answer["turn"] == "finished"
    else:
        assert answer["message"].endswith("it is finished" if mark == "Q" else f": {NAME} is {mark}")
        assert marks(root) == before


@pytest.mark.parametrize("mark", ["O", "i", "blocked", "abandoned", "gone"])
def test_finish_without_what_is_not_done(mark, tmp_path):
    root = ready(tmp_path, mark)
    for name in marks(root).keys() - {NAME}:
        done(root, "batch", "start", name)
        complete(root, name)
    answer = done(root, "batch", "finish", "--batch", "B1", "--without", NAME, code=4 if mark == "i" else 0)
    if mark == "i":
        assert "legal: `vtm batch complete`" in answer["fix"]
    else:
        assert answer["taken_out"] == [NAME]
        assert NAME not in marks(root)
        if mark == "O":
            assert names(done(root, "batch", "lock")["tasks"]) == [NAME]


def test_finish_without_a_stranger(shop):
    done(shop, "batch", "lock")
    answer = done(shop, "batch", "finish", "--batch", "B1", "--without", "A--T99", code=2)
    assert answer["code"] == "UNKNOWN-TASK"


@pytest.mark.parametrize(
    ("start", "complete"),
    [("start", "batch complete"), ("batch start", "complete")],
    ids=["start", "complete"],
)
def test_steps_and_plain_commands_are_the_same(start, complete, shop):
    done(shop, "batch", "lock", "--size", "2")
    for name in marks(shop):
        done(shop, *start.split(), name)
        done(shop, "ac", name, "AC01")
        done(shop, *complete.split(), name, "--run", "true")
    assert done(shop, "batch", "finish", "--batch", "B1")["counts"]["Q"] == 2


def test_gates_are_those_of_start_and_complete(tmp_path):
    root = shop_of(tmp_path, free("A--T01"), free("A--T02"), settings="wip_limit = 1\n")
    done(root, "batch", "lock", "--size", "2")
    done(root, "batch", "start", "A--T01")
    assert done(root, "batch", "start", "A--T02", code=1)["code"] == "BLOCKED::WIP-LIMIT"
    assert done(root, "batch", "complete", "A--T01", "--run", "true", code=1)["code"].startswith("BLOCKED::")
    done(root, "batch", "start", "A--T02", "--allow", "BLOCKED::WIP-LIMIT", "--reason", "agreed")
    assert set(marks(root).values()) == {"i"}


def test_released_and_reopened_it_is_free_for_another_batch(tmp_path):
    root = ready(tmp_path, "Q")
    done(root, "reopen", NAME, "--reason", "again")
    assert marks(root)[NAME] == "Q"
    assert done(root, "batch", "start", NAME, code=4)["code"] == "OUT-OF-ORDER"
    assert NAME in names(done(root, "batch", "lock")["tasks"])
    done(root, "batch", "start", NAME)
    assert (marks(root)[NAME], marks(root, "B2")[NAME]) == ("Q", "i")


# --- locking


def test_a_batch_for_a_person(shop, snapshot):
    said = [vtm(shop, "batch", *each.split(), "--now", NOW).out for each in ("list", "lock --size 5", "list")]
    done(shop, "batch", "start", "A--T01", "--agent", "ada")
    done(shop, "batch", "start", "A--T02")
    done(shop, "block", "A--T02", "--reason", "No key\x1b[31m", "--tried", "all", "--suggest", "ask")
    more = ("list --batch B1 --status O,blocked", "resume B1", "status B1")
    said += [vtm(shop, "batch", *each.split(), "--now", NOW).out for each in more]
    assert "\n".join(said) == snapshot


def test_the_first_that_can_be_started_in_order_of_selection(shop):
    first = done(shop, "batch", "lock", "--size", "3")
    assert names(first["tasks"]) == ["H", "A--T01", "A--T02"]
    second = done(shop, "batch", "lock", "night", "--size", "9")
    assert names(second["tasks"]) == ["A--T03", "A--T04", "A--T05", "A--T06"]
    assert done(shop, "batch", "lock", code=1)["code"] == "NOTHING-TO-LOCK"
    assert [each["id"] for each in done(shop, "batch", "list")["batches"]] == ["B1", "night"]


def test_what_cannot_be_started_is_skipped(tmp_path):
    root = shop_of(tmp_path, free("A--T01", acceptance_criteria=[]), free("A--T02"), free("A--T03", "A--T02"))
    answer = done(root, "batch", "lock", "--size", "3")
    assert names(answer["tasks"]) == ["A--T02"]
    assert answer["skipped"] == [{"task_id": "A--T01", "codes": ["BLOCKED::EMPTY-AC::A--T01"]}]
    refused = done(root, "batch", "lock", code=1)
    assert "A--T01 (BLOCKED::EMPTY-AC::A--T01); 1 task in batches" in refused["message"]


def test_a_full_house_keeps_nobody_from_locking(tmp_path):
    root = shop_of(tmp_path, free("A--T01"), free("A--T02"), settings="wip_limit = 1\n")
    done(root, "start", "A--T01")
    assert names(done(root, "batch", "lock")["tasks"]) == ["A--T02"]


def test_only_what_is_asked_for(tmp_path):
    root = shop_of(tmp_path, free("A--T01"), free("B--T01", slice="Slice 1.2", risk="Low"))
    assert names(done(root, "batch", "lock", "--slice", "1.2", "--risk", "low")["tasks"]) == ["B--T01"]
    assert done(root, "batch", "lock", "--slice", "9", code=2)["code"] == "UNKNOWN-SLICE"


def test_a_batch_that_is_there_is_shown_again(shop):
    first = done(shop, "batch", "lock", "night", "--size", "2", "--wave", "1")
    assert first["turn"] == "locked"
    for more in ([], ["--size", "2"], ["--wave", "1"]):
        assert done(shop, "batch", "lock", "night", *more) == first | {"turn": "already"}
    for more in (["--size", "3"], ["--wave", "2"]):
        assert done(shop, "batch", "lock", "night", *more, code=4)["code"] == "OUT-OF-ORDER"


def test_a_finished_batch_is_not_locked_again(tmp_path):
    assert "legal: `vtm batch lock`" in done(ready(tmp_path, "Q"), "batch", "lock", "B1", code=4)["fix"]


@pytest.mark.parametrize("name", ["a\nb", " a", "a\x1b[31m", "a" * 101, "\u202e"])
def test_no_id(name, shop):
    assert done(shop, "batch", "lock", name, code=2)["code"] == "USAGE"


@pytest.mark.parametrize("name", ["../../x", "a" * 100, "Bücher 2", "'; DROP TABLE batch; --", "B999999999"])
def test_any_other_id(name, shop):
    done(shop, "batch", "lock", name, "--size", "1")
    assert done(shop, "batch", "status", name)["id"] == name
    assert done(shop, "batch", "lock")["id"] == ("B1000000000" if name == "B999999999" else "B1")


@pytest.mark.parametrize(
    "command", ["status B2", "resume B2", "list --batch B2", "finish --batch B2"], ids=lambda each: each
)
def test_an_unknown_batch(command, shop):
    done(shop, "batch", "lock")
    answer = done(shop, "batch", *command.split(), code=2)
    assert (answer["code"], answer["fix"]) == ("UNKNOWN-BATCH", "did you mean B1?")


@pytest.mark.parametrize("command", ["start", "complete", "reset"])
def test_an_unknown_task(command, shop):
    answer = done(shop, "batch", command, "A--T1", code=2)
    assert (answer["code"], "A--T01" in answer["fix"]) == ("UNKNOWN-TASK", True)


@pytest.mark.parametrize("options", [["--batch", "B1", "--status", "o"], ["--status", "O"]])
def test_a_list_that_cannot_be_meant(options, shop):
    done(shop, "batch", "lock")
    assert done(shop, "batch", "list", *options, code=2)["code"] == "USAGE"


def test_hostile_texts_stay_texts(hostile):
    put(hostile, "vtm.toml", OPEN)
    answers = [vtm(hostile, "batch", each, *more) for each, *more in (("lock", "--size", "9"), ("list",))]
    answers += [vtm(hostile, "batch", each, "B1") for each in ("status", "resume")]
    answers.append(vtm(hostile, "batch", "start", HOSTILE_ID))
    answers.append(vtm(hostile, "batch", "status", HOSTILE))
    for each in answers:
        assert each.code in {0, 1, 2, 4}
        assert (each.out + each.err).replace("\n", "").isprintable()


# --- waves

WAVES = {
    "as set": ("", "", [["H"], ["A--T01", "A--T02", "A--T03", "A--T04"], ["A--T05", "A--T06"]]),
    "set otherwise": ("[parallel]\nwave = 6\n", "", [["H"], [f"A--T0{n}" for n in range(1, 7)]]),
    "asked for": ("", "--wave 5", [["H"], [f"A--T0{n}" for n in range(1, 6)], ["A--T06"]]),
}


@pytest.mark.parametrize(("settings", "option", "expected"), WAVES.values(), ids=WAVES)
def test_waves(settings, option, expected, shop):
    put(shop, "vtm.toml", OPEN + settings)
    done(shop, "batch", "lock", "--size", "7", *option.split())
    assert waves(shop) == expected


def test_never_more_than_wip_limit_at_once(shop):
    done(shop, "batch", "lock", "--size", "7")
    put(shop, "vtm.toml", "wip_limit = 2\n")
    assert max(map(len, waves(shop))) == 2


@pytest.mark.parametrize(
    ("settings", "wave", "says"),
    [
        (OPEN, 11, "which is 10, as [parallel] wave_max is set"),
        ("wip_limit = 3\n", 4, "more than wip_limit allows, which is 3"),
    ],
)
def test_waves_that_are_too_large(settings, wave, says, shop):
    put(shop, "vtm.toml", settings)
    assert says in done(shop, "batch", "lock", "--wave", str(wave), code=2)["message"]


def test_a_batch_holds_one_wave_unless_more_is_asked_for(shop):
    assert len(done(shop, "batch", "lock")["tasks"]) == 4


def test_what_may_share_a_wave_is_what_a_plan_says(tmp_path):
    tasks = [
        free("A--T01") | {"file_scope": ["src/x/**"]},
        free("A--T02") | {"file_scope": ["src/x/y.py"]},
        free("A--T03", conflicts_with=["A--T01"]),
    ]
    root = shop_of(tmp_path, *tasks)
    planned = [names(each["tasks"]) for each in done(root, "waves", "--size", "3")["waves"]]
    done(root, "batch", "lock", "--size", "3")
    assert waves(root) == planned == [["A--T01"], ["A--T02", "A--T03"]]


def test_one_after_another_where_metadata_is_missing(tmp_path):
    root = shop_of(tmp_path, free("A--T01"), task("A--T02", parallel=None))
    done(root, "batch", "lock", "--size", "2")
    answer = done(root, "batch", "resume", "B1")
    assert [names(each["tasks"]) for each in answer["waves"]] == [["A--T01"], ["A--T02"]]
    assert [each["code"] for each in answer["findings"]] == ["WARN::PARALLEL-METADATA-MISSING"]


def test_what_others_have_in_progress_holds_its_place(shop):
    done(shop, "start", "A--T06")
    done(shop, "batch", "lock", "--size", "6")
    (first, *_) = done(shop, "batch", "resume", "B1")["waves"]
    assert (first["beside"], len(first["tasks"])) == (["A--T06"], 3)
    put(shop, "vtm.toml", "wip_limit = 1\n")
    (first, *_) = done(shop, "batch", "resume", "B1")["waves"]
    assert (first["beside"], first["waits_for"]) == ([], ["A--T06"])


# --- after a lost context


def test_what_is_left_to_launch_and_nothing_else(shop):
    done(shop, "batch", "lock", "--size", "7")
    for name, agent in (("A--T01", "ada"), ("A--T02", "bob"), ("A--T03", "cyd"), ("A--T04", "dan")):
        done(shop, "batch", "start", name, "--agent", agent, "--ttl", "3h" if agent == "ada" else "1h")
    complete(shop, "A--T03", "--epoch", "1")
    done(shop, "block", "A--T04", "--reason", "x", "--tried", "y", "--suggest", "z", "--epoch", "1")
    assert {name for wave in waves(shop) for name in wave} == {"A--T05", "A--T06", "H"}
    assert {name for wave in waves(shop, now=LATER) for name in wave} == {"A--T02", "A--T05", "A--T06", "H"}
    answer = checked(vtm(shop, "batch", "resume", "B1", "--json", "--now", LATER))
    assert names(answer["running"]) == ["A--T01"]
    assert {each["task_id"]: each["mark"] for each in answer["others"]} == {
        "A--T03": "I",
        "A--T04": "blocked",
    }
    assert answer["left"] == 4
    (lost,) = (each for wave in answer["waves"] for each in wave["tasks"] if each["mark"] == "i")
    assert (lost["task_id"], lost["reason"]) == ("A--T02", "the lease of bob is over")


def test_what_lost_its_worker_is_launched_with_the_commands_it_comes_with(shop):
    done(shop, "batch", "lock", "--size", "2", "--risk", "medium")
    done(shop, "batch", "start", "A--T01", "--agent", "ada")
    done(shop, "batch", "start", "A--T02")
    answer = checked(vtm(shop, "batch", "resume", "B1", "--json", "--now", LATER))
    launches = {each["task_id"]: each["commands"] for wave in answer["waves"] for each in wave["tasks"]}
    assert launches["A--T02"][0] == "vtm batch reset A--T02"
    for name, commands in launches.items():
        for each in commands:
            _, *arguments = shlex.split(each)
            if arguments[0] != "worktree":
                assert vtm(shop, *arguments, "--now", LATER).code == 0, each
        assert marks(shop)[name] == "i"


def working(name, **more):
    """A session of ours or of another machine, on a task that was started once."""
    return session(name, heard_at=datetime.fromisoformat(NOW), **more)


LOST = {
    "active, lease over": (working("A--T01"), LATER, "the lease of ada is over"),
    "active elsewhere": (working("A--T01", host=ELSEWHERE, pid=7), NOW, ""),
    "silent elsewhere": (working("A--T01", host=ELSEWHERE, pid=7), LATER, "the lease of ada is over"),
    "process gone": (working("A--T01", pid=7), NOW, "its session A--T01:1 is failed: its process is gone"),
    "aborted": (
        working("A--T01", status=SessionStatus.ABORTED, reason="by ada"),
        NOW,
        "its session A--T01:1 is aborted: by ada",
    ),
    "of an earlier start": (working("A--T01", epoch=0, status=SessionStatus.FAILED), NOW, ""),
}


@pytest.mark.parametrize(("recorded", "now", "reason"), LOST.values(), ids=LOST)
def test_a_task_is_left_when_its_session_is_gone(recorded, now, reason, shop):
    done(shop, "batch", "lock", "--size", "1", "--risk", "medium")
    done(shop, "batch", "start", "A--T01", "--agent", "ada", "--session", recorded.id)
    keep(shop, recorded)
    answer = checked(vtm(shop, "batch", "resume", "B1", "--json", "--now", now))
    left = [each for wave in answer["waves"] for each in wave["tasks"]]
    assert [each["reason"] for each in left] == ([reason] if reason else [])
    assert names(answer["running"]) == ([] if reason else ["A--T01"])
    if reason and now == NOW:  # the lease goes on, though nobody is left to use it
        assert left[0]["commands"][0] == "vtm batch reset --epoch 1 A--T01"
        for each in left[0]["commands"][:2]:
            assert vtm(shop, *shlex.split(each)[1:], "--now", now).code == 0


def test_a_process_that_lives_holds_its_task_after_its_lease(shop, tmp_path):
    done(shop, "batch", "lock", "--size", "1", "--risk", "medium")
    done(shop, "batch", "start", "A--T01", "--agent", "ada")
    with agents(shop, (working("A--T01"), "import sys; sys.stdin.read(); import signal; signal.pause()")):
        assert waves(shop, now=LATER) == []
    assert waves(shop, now=LATER) == [["A--T01"]]


def test_silence_counts_where_nobody_took_a_lease(shop):
    done(shop, "batch", "lock", "--size", "1", "--risk", "medium")
    done(shop, "batch", "start", "A--T01")
    assert waves(shop) == []
    assert waves(shop, now=LATER) == [["A--T01"]]
    vtm(shop, "note", "A--T01", "still here", "--now", "2026-03-10T13:50:00Z")
    assert waves(shop, now=LATER) == []


def test_what_waits_again_is_left_but_in_no_wave(tmp_path):
    root = shop_of(tmp_path, free("A--T01"), free("A--T02", "A--T01"))
    done(root, "start", "A--T01")
    done(root, "ac", "A--T01", "AC01")
    done(root, "complete", "A--T01", "--run", "true")
    done(root, "batch", "lock")
    done(root, "reopen", "A--T01", "--reason", "wrong")
    answer = done(root, "batch", "resume", "B1")
    assert (answer["waves"], answer["left"]) == ([], 1)
    assert answer["waiting"] == [
        {"task_id": "A--T02", "title": "Title of A--T02", "reason": "A--T01 is pending"}
    ]


def test_without_its_database_the_tasks_stand_as_before(shop):
    done(shop, "batch", "lock", "--size", "2")
    done(shop, "batch", "start", "A--T01", "--agent", "ada")
    for each in (shop / ".vtm").glob("runtime.db*"):
        each.unlink()
    assert done(shop, "batch", "list")["total"] == 0
    assert done(shop, "batch", "status", "B1", code=2)["code"] == "UNKNOWN-BATCH"
    assert names(done(shop, "list", "--status", "in-progress")["tasks"]) == ["A--T01"]
    assert done(shop, "batch", "lock", "--size", "2")["id"] == "B1"


def test_a_budget_cuts_waves(shop):
    done(shop, "batch", "lock", "--size", "7")
    answer = done(shop, "batch", "resume", "B1", "--budget", "400")
    assert answer["truncated"]
    assert len(answer["waves"]) < 3


# --- at the same time


def test_a_task_is_in_one_batch_however_many_lock_at_once(tmp_path):
    root = shop_of(tmp_path, *[free(f"A--T{number:02}") for number in range(12)])
    command = [sys.executable, "-m", "vtm", "-C", str(root), "batch", "lock", "--size", "3", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, cwd=ROOT, env=environment(), **pipes) for _ in range(5)]
    said = [each.communicate() for each in started]
    assert sorted(each.returncode for each in started) == [0, 0, 0, 0, 1], said
    batches = [json.loads(out) for (out, _), each in zip(said, started, strict=True) if not each.returncode]
    held = [name for each in batches for name in names(each["tasks"])]
    assert sorted(held) == [f"A--T{number:02}" for number in range(12)]
    assert sorted(each["id"] for each in batches) == ["B1", "B2", "B3", "B4"]


def test_one_id_is_locked_once_however_many_ask(tmp_path):
    root = shop_of(tmp_path, *[free(f"A--T{number:02}") for number in range(12)])
    command = [sys.executable, "-m", "vtm", "-C", str(root), "batch", "lock", "night", "--json"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) for _ in range(4)
    ]
    said = [json.loads(each.communicate()[0]) for each in started]
    assert sorted(each["turn"] for each in said) == ["already", "already", "already", "locked"]
    assert len({tuple(names(each["tasks"])) for each in said}) == 1


def test_steps_have_the_options_of_the_commands_they_are():
    context = click.Context(main)
    group = main.get_command(context, "batch")
    for name in ("start", "complete"):
        ours, plain = (
            {option for each in parent.get_command(context, name).params for option in each.opts}
            for parent in (group, main)
        )
        assert ours == plain
