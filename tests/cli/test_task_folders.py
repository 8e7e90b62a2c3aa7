"""Folders of task files that other projects have, through the real reader and the real commands."""

import frontmatter
import pytest

from tests.projects import NOW, put
from tests.repositories import commit, git, repository, vtm
from tests.schemas.generate import FOLDER as SCHEMA_FOLDER
from tests.shared_data import FOLDER, json_of, shared_data

CASES = {path.stem: json_of(path) for path in sorted((FOLDER / "taskgraph-cases").glob("*.json"))}
MARKDOWN = [name for name, case in CASES.items() if case["kind"] == "markdown"]
SCHEMAS = {json_of(path)["$id"] for path in SCHEMA_FOLDER.glob("*.schema.json")}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "shop/tasks").mkdir(parents=True)
    return tmp_path / "shop"


def fill(root, files):
    for name, text in files.items():
        put(root, name if name.startswith("tasks/") else f"tasks/{name}", text)


def asked(root, command, *arguments, code=0):
    """The JSON of an answer."""
    answer = vtm(root, *command.split(), "--json", "--now", NOW, *arguments)
    assert answer.code == code, answer.out + answer.err
    assert answer.json["schema"] in SCHEMAS
    return answer.json


def ids(tasks):
    return [each["task_id"] for each in tasks]


def found(root, code=None):
    """Code, path and line of what `validate` finds."""
    answer = vtm(root, "validate", "--json", "--now", NOW)
    assert answer.code == int(any(each["severity"] == "error" for each in answer.json["findings"]))
    return [
        (each["code"].split("::")[1], each["location"]["path"], each["location"]["line"])
        for each in answer.json["findings"]
        if code is None or each["code"].startswith(code)
    ]


def asserted_of_tasks(expected, root):
    tasks = asked(root, "list")["tasks"]
    if "list_contains" in expected:
        assert set(ids(tasks)) == set(expected["list_contains"])
    if "ids" in expected:
        assert ids(tasks) == expected["ids"]
    if "kept" in expected:
        assert len(tasks) == expected["kept"]
    for name in expected.get("list_status_completed", ()):
        assert {each["task_id"]: each["status"] for each in tasks}[name] == "completed"
    for name, needs in expected.get("deps", {}).items():
        assert asked(root, f"show {name}")["depends_on_tasks"] == needs
    for name, needed in expected.get("dependents", {}).items():
        assert sorted(asked(root, f"show {name}")["dependents"]) == sorted(needed)
    for name, needs in expected.get("missing_dependencies", {}).items():
        assert [each["task_id"] for each in asked(root, f"show {name}")["unmet"]] == needs
        assert len(found(root, "GAP::DANGLING-DEPENDENCY")) == len(needs)


def asserted_of_the_graph(expected, root):
    order = ids(asked(root, "graph order")["tasks"])
    for before, after in expected.get("topo_before", ()):
        assert order.index(before) < order.index(after)
    if "topo" in expected:
        assert order == []
    cycles = asked(root, "graph cycles")
    if "cycles" in expected:
        assert cycles["cycles"] == expected["cycles"]
    if "has_cycles" in expected:
        assert bool(cycles["total"]) is expected["has_cycles"]
    if "cycle_members" in expected:
        assert cycles["cycles"][0]["members"] == expected["cycle_members"]
        assert cycles["total"] == expected["cycle_count"]
    groups = [ids(each["tasks"]) for each in asked(root, "graph generations")["generations"]]
    assert groups == expected.get("parallel_groups", groups)
    chain = asked(root, "graph critical")
    assert ids(chain["tasks"]) == expected.get("critical_path", ids(chain["tasks"]))
    assert chain["total"] == expected.get("critical_path_len", chain["total"])
    scores = {each["task_id"]: each["score"] for each in asked(root, "graph bottleneck")["tasks"]}
    assert all(scores[name] > 0 for name in expected.get("bottleneck_positive", ()))
    assert all(scores[name] == 0 for name in expected.get("bottleneck_zero", ()))
    wanted = expected.get("bottleneck_order", [])
    assert list(scores)[: len(wanted)] == wanted
    assert scores.keys() >= set(expected.get("bottleneck_contains", ()))


def asserted_of_risk(expected, root):
    counts = {each["risk"]: each["count"] for each in asked(root, "graph risk")["risks"]}
    counts["unspecified"] = counts["unset"]
    assert counts.items() >= expected.get("risk_counts", {}).items()
    reasons = {each["task_id"]: each["reasons"] for each in asked(root, "graph decompose")["tasks"]}
    assert reasons == (expected.get("decompose", reasons) or {})
    assert not set(expected.get("not_flagged", ())) & set(reasons)


@pytest.mark.parametrize("name", [each for each in MARKDOWN if CASES[each]["input"]["files"]])
def test_what_a_case_asserts_holds_of_its_files(root, name):
    expected = CASES[name]["asserted"]
    fill(root, CASES[name]["input"]["files"])
    asserted_of_tasks(expected, root)
    asserted_of_the_graph(expected, root)
    asserted_of_risk(expected, root)
    if expected.get("validate_valid") or expected.get("errors") == 0:
        assert vtm(root, "validate", "--now", NOW).code == 0
    if "strict_exit_nonzero" in expected:
        assert vtm(root, "validate", "--strict", "--now", NOW).code == 1
    if "error_contains" in expected:
        assert [code for code, *_ in found(root, "GAP::")].count("DUPLICATE-TASK-ID") == 1
    if "topo" in expected or expected.get("has_cycles"):
        assert len(found(root, "GAP::TASK-DEP-CYCLE")) == 1


COMMANDS = (
    "risk",
    "cost",
    "risk-path",
    "order",
    "generations",
    "cycles",
    "critical",
    "decompose",
    "bottleneck",
    "show",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_analysis_of_an_empty_folder(root, command):
    answer = vtm(root, "graph", command)
    assert (answer.code, answer.err) == (0, "")
    others = {
        "cycles": "0 cycles\n",
        "decompose": "Nothing to decompose.\n",
        "show": "0 tasks, 0 dependencies, depth 0\n",
    }
    assert answer.out == others.get(command, "No tasks found.\n")
    asked(root, f"graph {command}")


def test_a_task_that_is_not_there(root):
    fill(root, json_of(shared_data("taskgraph-cases/10-tg-show-missing-fails.json"))["input"]["files"])
    code = vtm(root, "show", "missing-task").code
    assert code in {2, 3}


def test_forty_four_real_files(root):
    case = json_of(shared_data("markdown-44-tasks.json"))
    expected, files = case["asserted"], case["input"]["files"]
    fill(root, files)
    tasks = asked(root, "list")["tasks"]
    assert len(tasks) == len(files) == expected["file_count"]
    assert sorted(ids(tasks)) == sorted(frontmatter.loads(text)["id"] for text in files.values())
    lenient = found(root, "WARN::LENIENT-VALUE")
    assert [path for _, path, _ in lenient] == [
        f"tasks/implementation/{name}.md" for name in expected["noncanonical_status"]
    ]
    statuses = {each["task_id"]: each["status"] for each in tasks}
    assert {name: statuses[name] for name in expected["noncanonical_status"]} == dict.fromkeys(
        expected["noncanonical_status"], "completed"
    )
    groups = asked(root, "graph generations")["generations"]
    assert [len(each["tasks"]) for each in groups] == expected["generation_sizes_if_done_accepted"]
    assert found(root, "GAP::DANGLING") == found(root, "GAP::TASK-DEP") == found(root, "GAP::SCHEMA") == []
    assert vtm(root, "validate", "--now", NOW).code == 0


def test_all_files_of_another_tool_are_tasks_or_reported(root):
    folder = shared_data("backlog.md")
    texts = {}
    for path in sorted(each for part in ("tasks", "completed") for each in (folder / part).rglob("*.md")):
        name = f"tasks/{path.relative_to(folder).as_posix()}"
        texts[name] = path.read_bytes()
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(texts[name])
    assert len(texts) > 600
    answer = vtm(root, "validate", "--json", "--now", NOW).json["findings"]
    lost = {
        each["location"]["path"]
        for each in answer
        if each["code"] in {"GAP::SCHEMA", "GAP::UNREADABLE"} and not each["tasks"]
    }
    again = sum(each["code"] == "GAP::DUPLICATE-TASK-ID" for each in answer)
    tasks = asked(root, "list")["total"]
    with_front = sum(text.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"---") for text in texts.values())
    assert tasks + again + len(lost) == with_front
    for each in answer:
        where = each["location"]
        if where["path"].startswith("tasks/"):
            lines = texts[where["path"]].count(b"\n") + 1
            assert 1 <= where["line"] <= lines
            assert where["column"] >= 1
    assert all((root / name).read_bytes() == text for name, text in texts.items())


# --- what cannot be read is never passed over

TWICE = "---\nid: t\nstatus: pending\nstatus: completed\n---\n"
DONE = "---\nid: ok\nstatus: completed\n---\n- [x] it works\n"


def test_nothing_is_done_while_a_file_cannot_be_read(root):
    fill(root, {"ok.md": DONE})
    assert asked(root, "next", code=1)["outcome"] == "done"
    fill(root, {"t.md": TWICE})
    answer = asked(root, "next", code=1)
    assert (answer["outcome"], answer["reason"][:25]) == ("waiting", "tasks/t.md cannot be read")


@pytest.mark.parametrize("command", ["next", "list", "pulse", "blocked", "status", "graph order"])
def test_every_question_tells_of_files_that_are_left_out(root, command):
    fill(root, {"ok.md": DONE, **{f"{each}.md": TWICE for each in "abcde"}})
    told = vtm(root, *command.split()).err
    assert told.startswith("vtm: tasks/a.md, tasks/b.md, tasks/c.md, and 2 more cannot be read and left out")


def test_validate_tells_itself(root):
    fill(root, {"t.md": TWICE})
    assert vtm(root, "validate").err == ""


# --- where a project is


def test_a_folder_below_the_top_is_found(root):
    repository(root, commit_first=False)
    put(root, "part/tasks/p.md", "---\nid: p\n---\n")
    put(root, "part/src/x.py", "")
    assert ids(asked(root / "part/src", "list")["tasks"]) == ["p"]
    put(root, "vtm.toml", "")
    assert asked(root / "part/src", "list", code=3)["code"] == "BLOCKED::MANIFEST-MISSING"


def test_files_of_a_linked_worktree_are_judged_as_they_are_there(root):
    repository(root, commit_first=False)
    fill(root, {"ok.md": DONE})
    commit(root)
    git(root, "worktree", "add", "-q", "../other", "-b", "other")
    put(root.parent, "other/tasks/ok.md", DONE.replace("ok", "changed"))
    for folder, path in ((root.parent / "other", "tasks/ok.md"), (root, "../other/tasks/ok.md")):
        answer = vtm(folder, "validate", path, "--json")
        assert {each for found in answer.json["findings"] for each in found["tasks"]} == {"changed"}


def test_tasks_keep_the_order_that_a_manifest_gave_them(root):
    places = {"a.md": 2, "b.md": 0, "c.md": None, "d.md": 1}
    fill(
        root,
        {
            name: f"---\nid: {name[0]}\n{'' if at is None else f'x_position: {at}'}\n---\n"
            for name, at in places.items()
        },
    )
    assert ids(asked(root, "list")["tasks"]) == ["b", "d", "a", "c"]
