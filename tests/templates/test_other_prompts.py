"""The prompts beside that of a task implementer."""

import json

import pytest
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from tests.builders import backlog_of
from tests.checkout import ROOT
from tests.projects import criteria, put, sample, task, write
from tests.repositories import vtm
from tests.templates.prompting import TEMPLATES, fences, printed, prompt, section
from vtm.app.app import App
from vtm.app.checking_prompts import checked
from vtm.model.settings import Minutes, Parallel, Settings
from vtm.queries.batch import batch


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(SingleFileAmberSnapshotExtension)


@pytest.fixture
def project(tmp_path):
    return sample(tmp_path / "shop")


@pytest.mark.parametrize("audience", ["claude", "plain"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_prompt(template, audience, project, snapshot):
    name = "AUTH--T04" if template == "resolve-blocker" else "AUTH--T02"
    options = ["--substitute", "Mija=Poppins"] if template == "implement-worker" else []
    assert printed(project, name, "--template", template, "--for", audience, *options) == snapshot


def test_each_renders_for_every_task_of_this_project():
    app = App.at(ROOT)
    answer = checked(app, app.backlog.tasks, [], "plain")
    assert answer.failures == []
    assert (answer.templates, answer.rendered) == (len(TEMPLATES), len(TEMPLATES) * len(app.backlog.tasks))


# --- a group of tasks

GROUP = ["MAIL--T02", "AUTH--T04", "MAIL--T01", "PAY--T04"]


def test_group(project, snapshot):
    options = ["--template", "batch-coordinator", "--group", "2", "--groups", "3"]
    assert printed(project, *GROUP, *options) == snapshot


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "You give the tasks of one group to workers"),
        (["--group", "2"], "You give the tasks of group 2 to workers"),
        (["--group", "2", "--groups", "3"], "You give the tasks of group 2 of 3 to workers"),
    ],
    ids=["unnumbered", "number", "number-of-total"],
)
def test_number_of_a_group(options, said, project):
    assert said in printed(project, *GROUP, "--template", "batch-coordinator", *options)


def free(name, *needs, **more):
    """A task that may run beside others."""
    return {"task_id": name, "depends_on_tasks": list(needs), "est": {"size": "S"}, "parallel": True, **more}


HIGH, L = {"risk": "High"}, {"est": {"size": "L"}}
BATCHES = {
    "free": ([free("A"), free("B")], "A B", [], [], 10, 20),
    "one": ([free("A")], "A", [], [], 10, 10),
    "dependency": ([free("A", "B"), free("B")], "B A", ["B A dependency"], [], 20, 20),
    "far-dependency": ([free("A", "X"), free("X", "B"), free("B")], "B A", ["B A dependency"], [], 20, 20),
    "conflict": ([free("A"), free("B", conflicts_with=["A"])], "A B", ["A B declared conflict"], [], 20, 20),
    "high": ([free("A"), free("B", **HIGH), free("C")], "A B C", [], ["B High risk"], 30, 30),
    "not-parallel": ([free("A", parallel=False), free("B")], "A B", [], ["A declared not parallel"], 20, 20),
    "cycle": ([free("A", "B"), free("B", "A")], "A B", ["A B dependency"], [], 20, 20),
    "itself": ([free("A", "A"), free("B")], "A B", [], [], 10, 20),
    "places": ([free(each) for each in "ABC"], "A B C", [], [], 20, 30),
    "longest": ([free("A", **L), free("B"), free("C", "B")], "A B C", ["B C dependency"], [], 60, 80),
}


@pytest.mark.parametrize(
    ("tasks", "order", "follows", "alone", "minutes", "serial"), BATCHES.values(), ids=BATCHES
)
def test_batch(tasks, order, follows, alone, minutes, serial):
    backlog = backlog_of(tasks)
    chosen = [each for each in backlog.tasks if each.task_id != "X"]
    settings = Settings(estimate=Minutes(10, 20, 60), parallel=Parallel(max=2))
    found = batch(backlog, chosen, settings)
    assert [each.id for each in found.members] == order.split()
    assert [f"{each.first} {each.then} {each.reason}" for each in found.follows] == follows
    assert [f"{each.id} {each.reason}" for each in found.alone] == alone
    assert (found.minutes, found.serial) == (minutes, serial)


def test_tasks_of_the_same_files_follow_one_another():
    backlog = backlog_of(
        [{**free("A"), "file_scope": ["src/*.py"]}, {**free("B"), "file_scope": ["src/cart.py"]}]
    )
    found = batch(backlog, backlog.tasks, Settings())
    assert [(each.first, each.then, each.reason) for each in found.follows] == [("A", "B", "same files")]


def test_what_a_group_waits_for_outside_is_said(project):
    text = printed(project, *GROUP, "--template", "batch-coordinator")
    (listed,) = fences(section(text, "Tasks"))
    assert "waits for AUTH--T02 (in-progress), which is not of this group" in listed
    assert "waits for MAIL--T01" not in listed


@pytest.mark.parametrize(
    "template", [each for each in TEMPLATES if "batch" not in each and "review" not in each]
)
def test_other_prompts_are_about_one_task(template, project):
    answer = vtm(project, "prompt", *GROUP, "--template", template)
    assert (answer.code, answer.out) == (2, "")
    assert f"{template} is about one task" in answer.err


def test_a_resolver_does_either_its_own_task_or_none(project):
    """One that is blocked is to be freed; one that is not is the task that frees others."""
    blocked = printed(project, "AUTH--T04", "--template", "resolve-blocker")
    resolver = printed(project, "AUTH--T02", "--template", "resolve-blocker")
    assert [each in blocked for each in ("you are not to do\nthe task", "vtm unblock", "vtm complete")] == [
        1,
        1,
        0,
    ]
    assert [each in resolver for each in ("you are not to do\nthe task", "vtm unblock", "vtm complete")] == [
        0,
        0,
        1,
    ]


# --- one unit of a batch


def test_substitutions(project):
    options = ["--substitute", "Mija=Poppins", "--substitute", "a=b=c"]
    text = printed(project, "AUTH--T02", "--template", "implement-worker", *options)
    assert fences(section(text, "Substitutions")) == ["Mija -> Poppins\na -> b=c"]
    assert "and no other" in text.partition("##")[0]
    assert "None: use what the design names." in printed(
        project, "AUTH--T02", "--template", "implement-worker"
    )


def test_substitutions_that_the_settings_have(project):
    put(project, "docs/specs/shop.md", "# Shop\n\nHeadings are in font: 'Mija', texts in font: 'Ovo'.\n")
    put(project, "vtm.toml", '[prescan.substitutes]\n"Mija" = "Poppins"\n"Ovo" = "Lora"\n')
    options = ["--template", "implement-worker", "--substitute", "Ovo=Lato"]
    text = printed(project, "AUTH--T02", *options)
    assert fences(section(text, "Substitutions")) == ["Mija -> Poppins\nOvo -> Lato"]


@pytest.mark.parametrize("pair", ["Mija", "=Poppins", "Mija="])
def test_a_substitution_has_two_sides(pair, project):
    answer = vtm(project, "prompt", "AUTH--T02", "--substitute", pair)
    assert (answer.code, answer.out) == (2, "")
    assert "is not OLD=NEW" in answer.err


# --- a worker in a worktree


def test_specialist_knows_where_it_is_and_what_to_check(project):
    text = printed(project, "AUTH--T02", "--template", "implementation-specialist")
    place = "worktree: .worktrees/feat/AUTH--T02\nbranch: feat/AUTH--T02"
    assert fences(section(text, "Where you are")) == [place]
    assert "AUTH--T01: completed" in section(text, "Before the work")
    assert "git diff --stat main...HEAD" in section(text, "After the work")
    assert "failed three times" in section(text, "Safe exit")
    assert "git switch" not in text


# --- obstacles, hand-overs, reviews


def test_obstacle_with_its_reason_and_notes(tmp_path):
    state = {
        "A--T01": {
            "status": "blocked",
            "blocked_reason": "Nobody may send mail",
            "notes": "One\nTwo",
            "attempts": [{"at": "2026-03-01T08:00:00Z", "text": "3 tests failed"}],
        }
    }
    write(tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"])], state)
    text = printed(tmp_path, "A--T01", "--template", "resolve-blocker")
    assert fences(section(text, "The obstacle")) == [
        *("Nobody may send mail", "3 tests failed", "One\nTwo"),
        "A--T02 (pending): Title of A--T02",
    ]
    assert "vtm unblock A--T01" in section(text, "What to do")
    assert "## Report back" not in text


def test_the_task_that_is_to_remove_an_obstacle_has_what_a_worker_needs(tmp_path):
    state = {"A--T02": {"status": "blocked", "blocked_reason": "Nobody may send mail"}}
    write(tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"])], state)
    text = printed(tmp_path, "A--T01", "--template", "resolve-blocker")
    assert "A--T02 (blocked): Nobody may send mail" in section(text, "The obstacle")
    assert "vtm unblock" not in text
    assert "vtm ac --epoch 1 A--T01 A--T01-AC01" in section(text, "Work")


def test_the_latest_hand_over_is_part_of_a_prompt(project):
    told = "## Done\n\nHalf of it.\n```\nx\n```"
    for template in ("handoff", "task-implementer", "implementation-specialist"):
        text = prompt(project, "AUTH--T02", template, handoff=told)
        assert fences(text[text.index("## Latest hand-over") :])[0] == told
    assert "hand-over" not in printed(project, "AUTH--T02")


def test_the_hand_over_that_was_asked_for_is_part_of_the_next_prompt(project):
    (example,) = fences(printed(project, "AUTH--T02", "--template", "handoff"), "json")
    put(project, "told.json", example.replace("AC01", "`AC01`\\n```\\n"))
    assert vtm(project, "handoff", "AUTH--T02", "--write", "told.json").code == 0
    (told,) = fences(section(printed(project, "AUTH--T02"), "Latest hand-over"))
    assert told.startswith("done:\n- `AC01`")
    assert "next:\n- write the test for an empty cart\nconstraints:\n- the names" in told


def test_hand_over_asks_for_five_things(project):
    text = section(printed(project, "AUTH--T02", "--template", "handoff"), "What to write")
    (example,) = fences(text, "json")
    lists = json.loads(example)
    assert list(lists) == ["done", "files", "next", "constraints", "tests"]
    assert all(f"- `{name}`: " in text for name in lists)
    assert "vtm handoff --epoch 0 --write FILE AUTH--T02" in text


def test_review_asks_for_four_sections_and_gives_what_is_recorded(tmp_path):
    state = {
        "A--T01": {
            "status": "completed",
            "started_at": "2026-03-01T08:00:00Z",
            "completed_at": "2026-03-01T09:30:00Z",
            "owner": "ada",
            "epoch": 2,
            "acs_completed": ["A--T01-AC01"],
            "attempts": [{"at": "2026-03-01T08:30:00Z", "text": "3 tests failed"}],
            "notes": "One\nTwo",
            "evidence": {"tests_passed": 12, "exit_code": 0},
        }
    }
    tasks = [task("A--T01", acceptance_criteria=criteria("A--T01", "One", "Two")), task("A--T02")]
    write(tmp_path, tasks, state)
    text = printed(tmp_path, "A--T01", "A--T02", "--template", "after-action-review")
    (recorded,) = fences(section(text, "What is recorded"))
    for line in (
        "  risk Medium, size M, set to 30 minutes; completed",
        "  started 2026-03-01T08:00:00Z by ada, epoch 2",
        "  completed 2026-03-01T09:30:00Z, after 90 minutes",
        "  criteria met: 1 of 2",
        "  evidence: tests passed 12, exit code 0",
        "  failed: 3 tests failed",
        "  notes: One\\nTwo",
        "A--T02: Title of A--T02",
    ):
        assert line in recorded.split("\n")
    asked = ["What went right", "What went wrong", "What could be better", "Action items"]
    assert [each for each in asked if f"- **{each}**" in section(text, "The review")] == asked


@pytest.mark.parametrize("name", ["A--T01", "A 'é' \"T01\""], ids=["plain", "odd"])
def test_the_hand_over_of_another_task_is_not_taken(name, tmp_path):
    write(tmp_path, [task(name), task("B--T01")], {})
    lists = {part: [f"of {name}"] for part in ("done", "files", "next", "constraints", "tests")}
    put(tmp_path, "told.json", json.dumps(lists))
    for each in (name, "B--T01"):
        assert vtm(tmp_path, "start", each).code == 0
    assert vtm(tmp_path, "handoff", name, "--write", "told.json").code == 0
    assert f"- of {name}" in printed(tmp_path, name)
    assert "hand-over" not in printed(tmp_path, "B--T01")
