"""One backlog, once as a manifest and once as task files: every question has the same answer."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.projects import MANIFEST, NOW, SPEC, put, write
from tests.random_backlogs import NAMES, ids, moments, state_entries, task_entries
from tests.repositories import vtm

QUESTIONS = (
    *("next", "next --startable", "list", "list --eligible", "blocked", "pulse", "status", "graph order"),
    *(
        "graph generations",
        "graph cycles",
        "graph critical",
        "graph critical --by estimate",
        "graph bottleneck",
    ),
    *(
        "graph risk",
        "graph risk-path",
        "graph decompose",
        "graph cost",
        "graph cost --propagate --all",
        "graph show",
    ),
)
SCOPES = {"S": "narrow", "M": "moderate", "L": "broad"}
"""What sizes count as; a task file has a scope, and its size follows from that."""

BACKLOGS = st.tuples(
    st.permutations(NAMES).flatmap(lambda names: st.integers(0, 6).map(lambda most: names[:most])),
    st.lists(
        task_entries(est=st.sampled_from("SML").map(lambda size: {"size": size})), min_size=6, max_size=6
    ),
    st.dictionaries(ids, state_entries(started_at=moments), max_size=6),
)


def entries(names, tasks):
    """Entries as a manifest has them."""
    for name, task in zip(names, tasks, strict=False):
        entry = {key: value for key, value in task.items() if key != "declared_status"}
        entry.setdefault("est", {"size": "M"})
        more = {"scope": SCOPES[entry["est"]["size"]], "related_specs": [SPEC], "test_verification": []}
        yield {"task_id": name, "acceptance_criteria": [{"id": "AC01", "text": "it works"}], **entry, **more}


def as_file(entry, state):
    """The same as a task file; its status and times are in the file."""
    front = {key: entry[key] for key in entry if key not in {"task_id", "acceptance_criteria", "est"}}
    front = {"id": entry["task_id"], "size": entry["est"]["size"], **front}
    front |= {key: state[key] for key in ("status", "started_at", "completed_at") if key in state}
    lines = [f"{key}: {json.dumps(value)}" for key, value in front.items()]
    mark = "x" if "AC01" in state.get("acs_completed", ()) else " "
    return "\n".join(["---", *lines, "---", "", "## Acceptance Criteria", f"- [{mark}] AC01 it works", ""])


def answer(root, question):
    found = vtm(root, *question.split(), "--json", "--now", NOW)
    assert found.code in {0, 1}, found.out + found.err
    return found.code, {key: without_places(value) for key, value in found.json.items() if key != "findings"}


def without_places(value):
    """`value` without what tells of the files, and what a file alone can say."""
    if isinstance(value, list):
        return [without_places(each) for each in value]
    if isinstance(value, dict):
        return {
            key: without_places(each) for key, each in value.items() if key not in {"location", "findings"}
        }
    return value


@given(BACKLOGS)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_every_question_has_one_answer(tmp_path_factory, backlog):
    names, tasks, states = backlog
    declared = list(entries(names, tasks))
    folder = tmp_path_factory.mktemp("both")
    write(folder / "manifest", declared, states)
    write(folder / "files", [], states)
    (folder / "files" / MANIFEST).unlink()
    put(folder / "files", "tasks/none.md", "# No task\n")
    for at, entry in enumerate(declared):
        put(folder / "files", f"tasks/{at}.md", as_file(entry, states.get(entry["task_id"], {})))
    if not declared:
        assert vtm(folder / "files", "list").code == 3
        return
    for question in (*QUESTIONS, *(f"{each} {name}" for each in ("show", "why") for name in names[:2])):
        assert answer(folder / "files", question) == answer(folder / "manifest", question), question


@given(BACKLOGS, st.integers(0, 6))
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_a_backlog_that_is_half_and_half_has_the_same_answer(tmp_path_factory, backlog, half):
    names, tasks, states = backlog
    declared = list(entries(names, tasks))
    folder = tmp_path_factory.mktemp("both")
    write(folder / "manifest", declared, states)
    write(folder / "files", declared[:half], states)
    for at, entry in enumerate(declared[half:]):
        put(folder / "files", f"tasks/{at}.md", as_file(entry, states.get(entry["task_id"], {})))
    for question in (*QUESTIONS, *(f"{each} {name}" for each in ("show", "why") for name in names[:2])):
        assert answer(folder / "files", question) == answer(folder / "manifest", question), question
