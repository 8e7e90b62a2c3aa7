"""`vtm prompt`: the list, the check, the budget, and the same bytes each time."""

import json

import pytest

from tests.cli.processes import call
from tests.cli.test_commands import checked
from tests.projects import put, task, write
from tests.repositories import vtm
from tests.templates.prompting import TEMPLATES, own, printed

TOKEN = 4


def test_the_json_has_the_text(sample):
    text = vtm(sample, "prompt", "AUTH--T02", "--for", "claude").out
    document = checked(vtm(sample, "prompt", "AUTH--T02", "--for", "claude", "--json"))
    assert document.pop("text") + "\n" == text
    assert document == {
        "schema": "vtm.prompt/1",
        "template": "task-implementer",
        "path": "vtm/templates/prompts/task-implementer.md.j2",
        "audience": "claude",
        "tasks": ["AUTH--T02"],
        "tokens": -(-(len(text) - 1) // TOKEN),
        "left_out": [],
    }


@pytest.mark.parametrize("template", ["task-implementer", "batch-coordinator"])
def test_other_processes_and_other_hashes_give_the_same_bytes(template, sample):
    outputs = {
        call(sample, "prompt", "AUTH--T02", "--template", template, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "4294967295")
    }
    assert outputs == {printed(sample, "AUTH--T02", "--template", template).encode() + b"\n"}


def test_an_own_template_gives_the_same_bytes(sample):
    own(sample, "mine", "{{ task.criteria|map(attribute='id')|join(', ') }}: {{ task.scope|join }}")
    outputs = {
        call(sample, "prompt", "AUTH--T02", "--template", "mine", env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1")
    }
    assert outputs == {b"AUTH--T02-AC01, AUTH--T02-AC02, AUTH--T02-AC03: src/auth/**\n"}


# --- the list


def test_the_list_says_which_is_in_use(sample):
    own(sample, "handoff", "mine")
    own(sample, "extra", "mine")
    listed = checked(vtm(sample, "prompt", "--list", "--json"))["templates"]
    assert [each["name"] for each in listed] == sorted([*TEMPLATES, "extra"])
    own_ones = {each["name"]: each["path"] for each in listed if not each["built_in"]}
    assert own_ones == {name: f".vtm/templates/{name}.md.j2" for name in ("extra", "handoff")}
    assert "handoff                    .vtm/templates/handoff.md.j2" in vtm(sample, "prompt", "--list").out


def test_the_folder_is_a_setting(sample):
    put(sample, "vtm.toml", '[paths]\ntemplates = "prompts"\n')
    put(sample, "prompts/handoff.md.j2", "mine")
    assert printed(sample, "AUTH--T02", "--template", "handoff") == "mine"


def test_the_list_needs_no_backlog(tmp_path):
    assert vtm(tmp_path, "prompt", "--list").code == 0
    assert vtm(tmp_path, "prompt", "A").code == 3


# --- the check

BROKEN = "# {{ task.title }}\n{% if task.needs %}{{ task.needs[0].gone }}{% endif %}\n"


def test_the_check_names_each_failure_once(sample):
    own(sample, "handoff", BROKEN)
    answer = vtm(sample, "prompt", "--check")
    assert (answer.code, answer.err) == (1, "")
    first, last = answer.out.splitlines()
    assert first == (
        ".vtm/templates/handoff.md.j2:2: error: 'dict object' has no attribute 'gone' "
        "(for AUTH--T02 and 9 other tasks)"
    )
    assert last == "7 templates with 15 tasks: 95 rendered, 1 failure"
    document = checked(vtm(sample, "prompt", "--check", "--json"))
    (failure,) = document["failures"]
    assert (failure["template"], failure["tasks"], failure["location"]["line"]) == ("handoff", 10, 2)


def test_the_check_is_content(sample):
    answer = vtm(sample, "prompt", "--check", "AUTH--T02", "AUTH--T03", "--template", "handoff")
    assert (answer.code, answer.out) == (0, "1 template with 2 tasks: 2 rendered, 0 failures\n")


def test_the_check_tries_a_template_without_end_once(sample):
    endless = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
    own(sample, "mine", f"a\n{endless}")
    answer = vtm(sample, "prompt", "--check", "--template", "mine")
    assert answer.code == 1
    assert answer.out.startswith(
        ".vtm/templates/mine.md.j2:2: error: it takes more than 1 s (for AUTH--T01)\n"
    )
    own(sample, "mine", "fine")
    assert vtm(sample, "prompt", "--check", "--template", "mine").code == 0


def test_the_check_names_templates_that_cannot_be_read(sample):
    own(sample, "mine", "").write_bytes(b"\xff")
    answer = vtm(sample, "prompt", "--check", "AUTH--T02")
    assert answer.code == 1
    assert ".vtm/templates/mine.md.j2:1: error: it is not valid UTF-8 (for AUTH--T02)" in answer.out


# --- the budget


@pytest.fixture
def full(tmp_path):
    """A task of which much may be left out."""
    more = {"description": "Much of it. " * 50, "conflicts_with": ["A--T03"]}
    state = {"A--T02": {"status": "in-progress", "epoch": 3, "notes": "Noted. " * 50}}
    write(tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"], **more), task("A--T03")], state)
    return tmp_path


def whole_and_least(project):
    whole = checked(vtm(project, "prompt", "A--T02", "--json"))
    too_small = vtm(project, "prompt", "A--T02", "--budget", "1", "--json")
    assert too_small.code == 2
    assert too_small.json["code"] == "BUDGET-TOO-SMALL"
    return whole, int(too_small.json["fix"].removeprefix("say --budget "))


def test_what_may_be_left_out_goes_section_by_section(full):
    whole, least = whole_and_least(full)
    order = ["Builds on", "Files", "What happened so far", "Description"]
    seen = []
    for budget in range(least, whole["tokens"] + 30, 30):
        document = checked(vtm(full, "prompt", "A--T02", "--json", "--budget", str(budget)))
        assert document["tokens"] <= budget
        if document["left_out"] not in seen:
            seen.append(document["left_out"])
        for title in order:
            assert (f"## {title}\n" in document["text"]) is (title not in document["left_out"])
            assert (f"{title} (about " in document["text"]) is (title in document["left_out"])
    assert [set(each) for each in seen] == [set(order[: len(each)]) for each in seen]
    assert [len(each) for each in seen] == sorted({len(each) for each in seen}, reverse=True)
    assert (len(seen[0]), seen[-1]) == (4, [])


def test_criteria_commands_and_report_are_never_left_out(full):
    whole, least = whole_and_least(full)
    cut = checked(vtm(full, "prompt", "A--T02", "--json", "--budget", str(least)))["text"]
    titles = ("Read these first", "Task", "Acceptance criteria", "Tests", "Work", "Safe exit", "Report back")
    for title in titles:
        start = f"## {title}\n"
        after = whole["text"].partition(start)[2].partition("\n## ")[0]
        assert start + after in cut
    assert vtm(full, "prompt", "A--T02", "--budget", str(least - 1)).code == 2


def test_a_large_enough_budget_changes_nothing(full):
    whole = vtm(full, "prompt", "A--T02").out
    assert vtm(full, "prompt", "A--T02", "--budget", "99999").out == whole


def test_sections_of_an_own_template_can_be_left_out(full):
    own(full, "mine", "Kept.\n\n{{ section('Gone', 1) }}\n\n{{ 'x' * 1 if false else task.description }}")
    answer = vtm(full, "prompt", "A--T02", "--template", "mine", "--budget", "50", "--json")
    assert answer.json["left_out"] == ["Gone"]
    assert answer.json["text"].startswith("Kept.\n\nLeft out for want of room: Gone (about 1")


# --- wrong usage

WRONG = {
    "no-task": ([], "Missing argument 'TASK'."),
    "unknown-task": (["AUTH--T99"], "there is no task AUTH--T99"),
    "unknown-template": (["AUTH--T02", "--template", "handof"], "there is no template handof"),
    "empty-template": (["AUTH--T02", "--template", ""], "there is no template"),
    "unknown-audience": (["AUTH--T02", "--for", "nobody"], "'nobody' is not one of"),
    "no-budget": (["AUTH--T02", "--budget", "0"], "0 is not in the range"),
    "list-and-check": (["--list", "--check"], "exclude one another"),
    "group-beyond": (["AUTH--T02", "--group", "3", "--groups", "2"], "There is no group 3 of 2."),
    "check-unknown": (["--check", "--template", "nope"], "there is no template nope"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_wrong_usage(arguments, said, sample):
    answer = vtm(sample, "prompt", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_the_nearest_template_is_offered(sample):
    assert "did you mean handoff?" in vtm(sample, "prompt", "AUTH--T02", "--template", "handof").err
    assert "did you mean batch-coordinator?" in vtm(sample, "prompt", "AUTH--T02", "--template", "batch").err


def test_huge_texts_are_no_trouble(tmp_path):
    write(tmp_path, [task("A--T01", description="x" * 11_000_000)])
    assert len(printed(tmp_path, "A--T01")) > 11_000_000
    own(tmp_path, "mine", "{{ task.title }}")
    assert printed(tmp_path, "A--T01", "--template", "mine") == "Title of A--T01"


def test_the_state_of_a_prompt_is_that_of_the_task(sample):
    state = json.loads((sample / "docs/backlog/task-state.json").read_text("utf-8"))
    assert state["tasks"]["AUTH--T02"]["notes"] in printed(sample, "AUTH--T02")
