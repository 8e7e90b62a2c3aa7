"""Whatever the files hold, every command ends with 0, 1 or 3 and says something fit to be printed."""

import json
import shutil
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.projects import MANIFEST, NOW, STATE, put, write
from tests.repositories import vtm
from tests.schemas.generate import FOLDER
from tests.shared_data import json_of, shared_data
from vtm.sources.settings import keys

QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # shrinking would take minutes, and a failure names its few changes
)
LONG = settings(QUICK, max_examples=24)
SCHEMAS = {
    document["$id"]: Draft202012Validator(document)
    for document in (json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json"))
}
COMMANDS = (
    *("validate", "next", "blocked", "pulse", "report", "status", "preflight", "graph show", "graph order"),
    *("graph cycles", "graph critical", "graph risk-path", "graph cost --propagate", "graph decompose"),
    *("plan --mode parallel", "waves"),
)
PAIRS = ("002", "005", "052", "078", "090")
TOKENS = [
    *rb'{ } [ ] : , " \ \u \ud800 \u0000 null true 1e999 -0 1.5 NaN'.split(),
    *rb'"tasks" "task_id" "status" "depends_on_tasks" "A" "" "\u001b[31m" "completed" "High"'.split(),
    *(b"\n", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"<<<<<<< HEAD\n", b"=======\n"),
    *(b"9" * 30, b"[" * 300, b'{"a":' * 300),
]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(
        [
            "",
            "A",
            "High",
            "high",
            "completed",
            "done",
            "2026-01-31",
            "\x1b[2J\x9b",
            "../..",
            "ADR-2",
            "x" * 5000,
        ]
    )
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project whose two files are about to be overwritten."""
    return write(tmp_path_factory.mktemp("fuzz") / "shop", [], {})


def check(root, manifest, state):
    """Ask everything of a backlog with these bytes; None: no state file."""
    (root / MANIFEST).write_bytes(manifest)
    (root / STATE).unlink(missing_ok=True)
    if state is not None:
        (root / STATE).write_bytes(state)
    listed = ask(root, "list", "--json")
    ids = [each["task_id"] for each in listed.get("tasks", [])]
    for command in COMMANDS:
        ask(root, command)
        ask(root, command, "--json")
    for task_id in {ids[0], ids[len(ids) // 2], ids[-1]} if ids else ():
        for command in ("why", "show"):
            ask(root, command, "--", task_id)
            ask(root, command, "--json", "--", task_id)
    for question in ("--next", "--blocked", "--dashboard", "--status"):
        ask(root, "compat vtm-status", question)
    assert (root / MANIFEST).read_bytes() == manifest
    assert (root / STATE).exists() == (state is not None)


def ask(root, command, *arguments):
    """The JSON of one answer, empty for text; it must be fit to be printed."""
    answer = vtm(root, *command.split(), "--now", NOW, *arguments)
    shown = answer.out + answer.err
    assert answer.code in ({0, 1} if command in {"validate", "preflight"} else {0, 1, 3}), shown
    assert "Traceback" not in shown
    assert [each for each in shown if (each < " " and each != "\n") or "\x7f" <= each <= "\x9f"] == []
    if "--json" not in arguments:
        return {}
    SCHEMAS[answer.json["schema"]].validate(answer.json)
    return answer.json


def bytes_of_any_kind():
    """Bytes, and such that look a little like JSON."""
    pieces = st.sampled_from(TOKENS) | st.text(max_size=3).map(str.encode)
    return st.binary(max_size=200) | st.lists(pieces, max_size=30).map(b"".join)


def real(pair):
    """The manifest and the state of a pair; without a state, an empty one."""
    folder = shared_data("vtm-history") / pair / "docs" / "backlog"
    state = folder / "task-state.json"
    manifest = folder / "virtual-task-manifest.json"
    return manifest.read_bytes(), state.read_bytes() if state.exists() else b"{}"


class Cut(NamedTuple):
    """One change to bytes, at a share of their length."""

    change: str
    at: float
    length: int
    token: bytes

    def apply(self, data):
        at = int(self.at * len(data))
        rest = data[at + self.length :]
        piece = data[at : at + self.length]
        changed = {
            "drop": b"",
            "double": piece * 2,
            "insert": self.token + piece,
            "replace": self.token,
            "flip": bytes(each ^ 1 << self.length % 8 for each in piece[:1]) + piece[1:],
            "move": data[-self.length :] + piece,
        }
        return data[:at] + changed[self.change] + rest


class Break(NamedTuple):
    """One change to a value inside JSON, found by shares of all objects and of what one holds."""

    change: str
    holder: float
    key: float
    other: float
    junk: Any

    def apply(self, document):
        spots = containers(document)
        holder, other = (spots[int(share * len(spots))] for share in (self.holder, self.other))
        value = deepcopy(other) if self.change == "move" else self.junk
        if isinstance(holder, list):
            self.break_list(holder, int(self.key * (len(holder) + 1)), value)
        elif holder:
            self.break_object(holder, sorted(holder)[int(self.key * len(holder))], value)

    def break_list(self, holder, at, value):
        changed = {"drop": [], "double": holder[at : at + 1] * 2, "rename": [value, *holder[at : at + 1]]}
        holder[at : at + 1] = changed.get(self.change, [value])

    def break_object(self, holder, key, value):
        if self.change in {"drop", "rename"}:
            kept = holder.pop(key)
            if self.change == "rename":
                holder[str(self.junk)] = kept
        elif self.change != "double":
            holder[key] = value


def containers(value):
    """Every object and list inside a value, itself included."""
    found, work = [], [value]
    while work:
        each = work.pop()
        if isinstance(each, dict | list):
            found.append(each)
            work.extend(each.values() if isinstance(each, dict) else each)
    return found


SHARE = st.floats(0, 1, exclude_max=True)


def cuts_with(tokens):
    """Some changes to bytes; `tokens` are put in."""
    changes = st.sampled_from(["drop", "double", "insert", "replace", "flip", "move"])
    lengths = st.integers(1, 8) | st.integers(1, 2000)
    return st.lists(st.builds(Cut, changes, SHARE, lengths, st.sampled_from(tokens)), min_size=1, max_size=4)


CUTS = cuts_with(TOKENS)
BREAKS = st.lists(
    st.builds(
        Break, st.sampled_from(["drop", "double", "rename", "replace", "move"]), SHARE, SHARE, SHARE, JUNK
    ),
    max_size=5,
)


def cut(data, cuts):
    """Bytes with some changes."""
    for each in cuts:
        data = each.apply(data)
    return data


def broken(data, breaks):
    """JSON with some changed values."""
    document = json.loads(data)
    for each in breaks:
        each.apply(document)
    return json.dumps(document).encode()


def any_bytes(root, manifest, state):
    check(root, manifest, state)


def broken_bytes(root, pair, cuts):
    manifest, state = real(pair)
    check(root, cut(manifest, cuts), state)
    check(root, manifest, cut(state, cuts))


def broken_values(root, pair, in_manifest, in_state):
    manifest, state = real(pair)
    check(root, broken(manifest, in_manifest), broken(state, in_state))


def any_folder(root, files):
    """Ask everything of task files with these bytes, beside one that is sound."""
    shutil.rmtree(root / "tasks", ignore_errors=True)
    (root / MANIFEST).unlink(missing_ok=True)
    (root / STATE).unlink(missing_ok=True)
    put(root, "tasks/sound.md", "---\nid: sound--T01\n---\n- [ ] it works\n")
    for at, data in enumerate(files):
        (root / f"tasks/{at}.md").write_bytes(data)
    try:
        listed = ask(root, "list", "--json")
        assert "sound--T01" in [each["task_id"] for each in listed["tasks"]]
        for command in (*COMMANDS, "doctor"):
            ask(root, command)
            ask(root, command, "--json")
        for command in ("why", "show"):
            for each in {each["task_id"] for each in (listed["tasks"][0], listed["tasks"][-1])}:
                ask(root, command, "--json", "--", each)
        assert [(root / f"tasks/{at}.md").read_bytes() for at in range(len(files))] == list(files)
    finally:
        shutil.rmtree(root / "tasks")


def broken_files(root, names, cuts):
    texts = list(json_of(shared_data("markdown-44-tasks.json"))["input"]["files"].values())
    files = [texts[name % len(texts)].encode() + BODY for name in names]
    any_folder(root, [cut(each, cuts) for each in files])


def broken_settings(root, text):
    put(root, "vtm.toml", text)
    try:
        for command in COMMANDS:
            for form in ((), ("--json",)):
                answer = vtm(root, *command.split(), "--now", NOW, *form)
                assert answer.code in {0, 1, 2, 3}, answer.out + answer.err
                assert "Traceback" not in answer.err
    finally:
        (root / "vtm.toml").unlink()


BODY = b"""
# Title

## Acceptance Criteria

- [ ] AC01 it works
- [x] and this

```
- [ ] not this
```
"""
YAML = [
    *(
        b"---\n",
        b"id: A\n",
        b"id: B\n",
        b"status: done\n",
        b"depends_on: [A, B]\n",
        b"- [ ] a\n",
        b"- [x] AC01 b\n",
    ),
    *(
        b": ",
        b"- ",
        b"? ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"|\n",
        b"&a ",
        b"*a",
        b"!!str ",
        b"<<: ",
        b"## Notes\n",
        b"```\n",
    ),
    *(
        b"title: |\n  x\n",
        b"risk: high\n",
        b"scope: [",
        b"<!--",
        b"\t",
        b"\r",
        b"'",
        b'"',
        b"%YAML 1.2\n",
        b"...\n",
    ),
]
LIKE_FILES = st.lists(st.sampled_from(YAML + TOKENS) | st.binary(max_size=3), max_size=20).map(b"".join)
FOLDERS = {
    "files": st.lists(LIKE_FILES.map(b"---\n".__add__) | LIKE_FILES | st.binary(max_size=50), max_size=4)
}
BROKEN_FILES = {
    "names": st.lists(st.integers(0, 43), min_size=1, max_size=4),
    "cuts": cuts_with(YAML + TOKENS),
}
BROKEN_BYTES = {"pair": st.sampled_from(PAIRS), "cuts": CUTS}
BROKEN_VALUES = {"pair": st.sampled_from(PAIRS), "in_manifest": BREAKS, "in_state": BREAKS}
BYTES = {"manifest": bytes_of_any_kind(), "state": st.none() | bytes_of_any_kind()}
ON_SOUND = {"manifest": st.just(b'{"tasks": [{"task_id": "A"}]}'), "state": bytes_of_any_kind()}
TEXTS = ["", ".", "..", "../x", "/etc/passwd", "~", "a\0b", "docs", "docs/backlog", "vtm.toml", "\x1b[31m"]
MEANT = ["48h", "0s", "WARN", "GAP::SCHEMA", "nothing", 0, 3, -1, 1e9, 0.5, True, [], ["x"], ["../{number}"]]
VALUES = [*map(json.dumps, TEXTS + MEANT), "nan", "inf", "2026-01-31", "{}", '["*/*/{number}*"]', "[[1]]"]
LINES = st.builds(
    "{} = {}".format,
    st.sampled_from([*keys(), "rules.severity.'GAP::SCHEMA'"]),
    st.sampled_from(VALUES),
)
TOML = {"text": st.lists(LINES, max_size=4).map("\n".join) | st.text()}


@given(**BYTES)
@QUICK
def test_any_bytes_are_answered(root, manifest, state):
    any_bytes(root, manifest, state)


@given(**ON_SOUND)
@QUICK
def test_any_bytes_as_a_state_are_answered(root, manifest, state):
    any_bytes(root, manifest, state)


@given(**BROKEN_BYTES)
@QUICK
def test_real_files_with_broken_bytes_are_answered(root, pair, cuts):
    broken_bytes(root, pair, cuts)


@given(**BROKEN_VALUES)
@QUICK
def test_real_files_with_broken_values_are_answered(root, pair, in_manifest, in_state):
    broken_values(root, pair, in_manifest, in_state)


@given(**FOLDERS)
@QUICK
def test_any_task_files_are_answered(root, files):
    any_folder(root, files)


@given(**BROKEN_FILES)
@QUICK
def test_real_task_files_with_broken_bytes_are_answered(root, names, cuts):
    broken_files(root, names, cuts)


@given(**TOML)
@QUICK
def test_any_settings_are_answered(root, text):
    broken_settings(root, text)


def many(test):
    """A long test, at full speed: those above cover the same code."""
    return pytest.mark.soak(pytest.mark.no_cover(test))


@many
@given(**BYTES)
@settings(LONG, max_examples=200)
def test_many_bytes_are_answered(root, manifest, state):
    any_bytes(root, manifest, state)


@many
@given(**BROKEN_BYTES)
@LONG
def test_many_real_files_with_broken_bytes_are_answered(root, pair, cuts):
    broken_bytes(root, pair, cuts)


@many
@given(**BROKEN_VALUES)
@LONG
def test_many_real_files_with_broken_values_are_answered(root, pair, in_manifest, in_state):
    broken_values(root, pair, in_manifest, in_state)


@many
@given(**FOLDERS)
@settings(LONG, max_examples=80)
def test_many_task_files_are_answered(root, files):
    any_folder(root, files)


@many
@given(**BROKEN_FILES)
@settings(LONG, max_examples=30)
def test_many_real_task_files_with_broken_bytes_are_answered(root, names, cuts):
    broken_files(root, names, cuts)


@many
@given(**TOML)
@settings(LONG, max_examples=200)
def test_many_settings_are_answered(root, text):
    broken_settings(root, text)
