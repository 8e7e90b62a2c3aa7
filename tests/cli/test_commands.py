"""What every command prints for the sample project, as text and as JSON."""

import json
import re
from unicodedata import category

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.projects import HOSTILE_ID, MANIFEST, NOW, STATE, put, task, write
from tests.repositories import commit, repository, vtm
from tests.schemas.generate import FOLDER
from vtm import __version__
from vtm.rules.registry import rules

SCHEMAS = {
    document["$id"]: document
    for document in (json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json"))
}

CASES = {
    "validate": ("validate", 1),
    "validate-strict": ("validate --strict --select WARN::UNKNOWN-TASK-IN-STATE", 1),
    "validate-warnings": ("validate --select WARN --ignore WARN::STALE-TASK --ignore lenient-value", 0),
    "validate-clean": ("validate --select self-dependency", 0),
    "validate-one-task": ("validate --select empty-ac --select WARN::LENIENT-VALUE::MAIL--T03", 0),
    "validate-fix": ("validate --fix --unsafe --select LENIENT-VALUE --select DANGLING-DEPENDENCY", 1),
    "validate-fix-nothing": ("validate --fix --select self-dependency", 0),
    "preflight": ("preflight", 1),
    "next": ("next", 0),
    "next-startable": ("next --startable", 0),
    "next-filtered": ("next --phase 2 --slice 2.2 --risk low", 0),
    "next-none": ("next --phase 9", 1),
    "next-startable-none": ("next --startable --slice 1.2 --risk medium", 1),
    "blocked": ("blocked", 0),
    "why-waiting": ("why MAIL--T02", 0),
    "why-stuck": ("why PAY--T03", 0),
    "why-cycle": ("why PAY--T01", 0),
    "why-provisional": ("why UI--T01", 0),
    "why-blocked": ("why AUTH--T04", 0),
    "why-held": ("why AUTH--T03", 0),
    "why-completed": ("why AUTH--T01", 0),
    "why-startable": ("why PAY--T06", 0),
    "pulse": ("pulse", 0),
    "status": ("status", 0),
    "list": ("list", 0),
    "list-eligible": ("list --eligible", 0),
    "list-by-status": ("list --status blocked --status in-progress --sort status", 0),
    "list-by-place": ("list --phase 2 --slice 2.1 --risk HIGH", 0),
    "list-by-capability": ("list --capability pay --sort risk --limit 3", 0),
    "list-nothing": ("list --phase 3", 0),
    "list-sorted-by-id": ("list --sort id --limit 2", 0),
    "list-sorted-by-phase": ("list --sort phase --risk low", 0),
    "list-sorted-by-size": ("list --sort size --limit 4", 0),
    "list-in-order": ("list --sort order --limit 1", 0),
    "show-completed": ("show AUTH--T01", 0),
    "show-in-progress": ("show AUTH--T02", 0),
    "show-blocked": ("show AUTH--T04", 0),
    "show-waived": ("show PAY--T06", 0),
    "show-provisional": ("show UI--T01", 0),
    "show-stuck": ("show PAY--T03", 0),
    "show-hostile": ("show UI--T02", 0),
    "graph": ("graph show", 0),
    "graph-around": ("graph show PAY--T03", 0),
    "graph-order": ("graph order", 0),
    "graph-generations": ("graph generations", 0),
    "graph-cycles": ("graph cycles", 0),
    "graph-critical": ("graph critical", 0),
    "graph-critical-by-estimate": ("graph critical --by estimate", 0),
    "graph-bottleneck": ("graph bottleneck", 0),
    "graph-risk": ("graph risk", 0),
    "graph-risk-path": ("graph risk-path", 0),
    "graph-decompose": ("graph decompose", 0),
    "graph-cost": ("graph cost", 0),
    "graph-cost-propagated": ("graph cost --propagate --retention 0.5 --all", 0),
    "graph-cost-simple": ("graph cost --model simple --retries 2 --time-lost 3", 0),
    "plan": ("plan", 0),
    "plan-parallel": ("plan --slice 1.2 --mode parallel --max 2", 0),
    "plan-nothing": ("plan --slice 2.1 --risk low", 0),
    "waves": ("waves --phase 2", 0),
    "aar": ("aar", 0),
    "batches": ("batch list", 0),
    "report": ("report", 0),
    "explain": ("explain BLOCKED::EMPTY-AC", 0),
    "explain-gate": ("explain wip-limit", 0),
    "config": ("config", 0),
    "add-preview": ("add PAY--T07 --title Vouchers --risk low --depends-on PAY--T06 --dry-run", 0),
    "add-refused": ("add PAY--T07 --title Vouchers --depends-on PAY--T98 --to markdown", 1),
    "convert-preview": ("convert markdown", 0),
    "fmt-nothing": ("fmt", 0),
    "prompt": ("prompt AUTH--T03 --for opencode", 0),
    "prompt-hostile": ("prompt UI--T02", 0),
    "prompt-list": ("prompt --list", 0),
    "prompt-check": ("prompt --check AUTH--T02 UI--T02", 0),
    "context": ("context AUTH--T03", 0),
    "prescan": ("prescan AUTH--T03", 0),
    "commit-msg": ("commit-msg AUTH--T02 AC02", 0),
    "context-left-out": ("context MAIL--T01", 0),
}


def words(command):
    return [*command.split(), "--now", NOW]


def shown(answer, root):
    """Everything that a command printed, with what differs from run to run replaced."""
    text = answer.out + (f"--- stderr ---\n{answer.err}" if answer.err else "")
    text = text.replace(str(root), "<root>").replace(f'"{__version__}"', '"<version>"')
    return f"{text}--- exit {answer.code} ---\n"


def checked(answer):
    """The JSON of an answer, once its schema has nothing against it."""
    document = answer.json
    validator = Draft202012Validator(SCHEMAS[document["schema"]], format_checker=FormatChecker())
    assert [f"{each.json_path}: {each.message}" for each in validator.iter_errors(document)] == []
    return document


@pytest.mark.parametrize(("command", "code"), CASES.values(), ids=CASES)
def test_text(command, code, sample, snapshot):
    answer = vtm(sample, *words(command))
    assert shown(answer, sample) == snapshot
    assert (answer.code, answer.err) == (code, "")


@pytest.mark.parametrize(("command", "code"), CASES.values(), ids=CASES)
def test_json(command, code, sample, snapshot):
    answer = vtm(sample, *words(command), "--json")
    indented = json.dumps(checked(answer), indent=1) + "\n"
    assert shown(answer._replace(out=indented), sample) == snapshot
    assert (answer.code, answer.err, answer.out.count("\n")) == (code, "", 1)


FINDINGS = "validate --select EMPTY-AC --select TASK-DEP-CYCLE --select STALE-TASK --select LENIENT-VALUE"
FORMATS = {
    "validate-github": (f"{FINDINGS} --format github", 1),
    "validate-sarif": (f"{FINDINGS} --format sarif", 1),
    "validate-junit": (f"{FINDINGS} --format junit", 1),
    "graph-dot": ("graph show --format dot", 0),
    "graph-mermaid": ("graph show --format mermaid", 0),
    "compat-next": ("compat vtm-status --next", 0),
    "compat-blocked": ("compat vtm-status --blocked", 0),
    "compat-dashboard": ("compat vtm-status --dashboard", 0),
    "compat-status": ("compat vtm-status --status", 0),
}


@pytest.mark.parametrize(("command", "code"), FORMATS.values(), ids=FORMATS)
def test_other_format(command, code, sample, snapshot):
    answer = vtm(sample, *words(command))
    assert shown(answer, sample) == snapshot
    assert (answer.code, answer.err) == (code, "")


def test_nothing_to_annotate_is_nothing(sample):
    assert vtm(sample, "validate", "--select", "SELF-DEPENDENCY", "--format", "github") == (0, "", "")


@pytest.mark.parametrize("question", ["--next", "--blocked", "--dashboard", "--status"])
def test_compat_prints_json_either_way(question, sample):
    text, data = (vtm(sample, "compat", "vtm-status", question, *more) for more in ([], ["--json"]))
    assert text == data
    assert text.json


UNUSABLE = {
    "no-state": (STATE, None),
    "no-manifest": (MANIFEST, None),
    "cut": (MANIFEST, '{"tasks": ['),
    "list": (STATE, "[]"),
    "tasks-are-text": (MANIFEST, '{"tasks": "x\\u009b"}'),
    "folder": (STATE, "folder"),
}


@pytest.mark.parametrize("question", ["--next", "--blocked", "--dashboard", "--status"])
@pytest.mark.parametrize(("path", "text"), UNUSABLE.values(), ids=UNUSABLE)
def test_compat_fails_as_the_script_does(path, text, question, sample):
    (sample / path).unlink()
    if text == "folder":
        (sample / path).mkdir()
    elif text is not None:
        put(sample, path, text)
    answer = vtm(sample, "compat", "vtm-status", question)
    assert (answer.code, answer.err) == (1, "")
    assert list(answer.json) == ["error", "vtm_path", "state_path"]
    assert answer.json["error"].startswith("Failed to load VTM or state files: ")


DONE = {"status": "completed"}
OTHER_PROJECTS = {
    "empty": ([], {}),
    "done": ([task("A--T01"), task("A--T02")], {"A--T01": DONE, "A--T02": DONE}),
    "deadlocked": ([task("A--T01", needs=["A--T02"]), task("A--T02", needs=["A--T01"])], {}),
    "waiting": ([task("A--T01"), task("A--T02", needs=["A--T01"])], {"A--T01": {"status": "in-progress"}}),
    "bare": ([{"task_id": "A"}], None),
}

ANALYSES = (
    "order",
    "generations",
    "cycles",
    "critical",
    "bottleneck",
    "risk",
    "risk-path",
    "decompose",
    "cost",
)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "command",
    [
        "next",
        "blocked",
        "status",
        "report",
        "plan",
        "waves",
        "graph show",
        *(f"graph {name}" for name in ANALYSES),
    ],
)
@pytest.mark.parametrize("name", OTHER_PROJECTS)
def test_other_project(name, command, form, tmp_path, snapshot):
    tasks, state = OTHER_PROJECTS[name]
    write(tmp_path, tasks, state)
    answer = vtm(tmp_path, *words(command), "--format", form)
    if form == "json":
        checked(answer)
    else:
        assert shown(answer, tmp_path) == snapshot
    assert answer.code == (1 if command == "next" and name != "bare" else 0)


def test_preflight_on_main_and_clean(sample, snapshot):
    repository(sample)
    commit(sample)
    answer = vtm(sample, *words("preflight"))
    assert shown(answer, sample) == snapshot
    put(sample, "stray.txt", "")
    answer = vtm(sample, *words("preflight --json"))
    (check,) = (each for each in checked(answer)["checks"] if each["step"] == "7")
    assert check["codes"] == ["BLOCKED::DIRTY-GIT-STATUS"]


NO_BACKLOG = {"next": 3, "validate": 3, "pulse": 3, "preflight": 3, "config": 0, "rules": 0, "schema": 0}


@pytest.mark.parametrize(("command", "code"), NO_BACKLOG.items())
def test_no_backlog(command, code, tmp_path):
    assert vtm(tmp_path, command).code == code
    answer = vtm(tmp_path, command, "--json")
    assert answer.code == code
    assert checked(answer)
    assert not list(tmp_path.iterdir())


def test_init_writes_a_starter_backlog_and_nothing_twice(tmp_path, snapshot):
    first, second = (vtm(tmp_path, *words("init")) for _ in range(2))
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    data = checked(vtm(tmp_path, *words("init --json")))
    assert shown(first, tmp_path) + shown(second, tmp_path) == snapshot
    assert data["created"] == []
    assert vtm(tmp_path, "validate", "--strict").code == 0
    assert vtm(tmp_path, "next").code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_init_beside_a_manifest(tmp_path, snapshot):
    write(tmp_path, [task("A--T01")])
    before = (tmp_path / MANIFEST).read_bytes()
    assert shown(vtm(tmp_path, *words("init")), tmp_path) == snapshot
    assert (tmp_path / MANIFEST).read_bytes() == before


FLAWED = {
    "a": "id: A\nstatus: done # as far as I know\nrisk: HIGH\ndepends_on: B\nconflicts_with: [B]\n",
    "b": "id: B\nstatus: pending\nx: &x [C]\nconflicts_with: *x\n",
    "c": "id: C\nstatus: pending\n",
}


@pytest.mark.parametrize("arguments", ["", "--json", "--apply"])
def test_fixes_of_task_files(arguments, tmp_path, snapshot):
    write(tmp_path, [task("M", conflicts_with=["C"])])
    for name, front in FLAWED.items():
        put(tmp_path, f"tasks/{name}.md", f"---\n{front}---\n\n- [ ] AC01 It works\n")
    chosen = "--select LENIENT-VALUE --select CONFLICT-ASYMMETRIC"
    answer = vtm(tmp_path, *words(f"validate --fix {chosen} {arguments}"))
    if arguments == "--json":
        answer = answer._replace(out=json.dumps(checked(answer), indent=1) + "\n")
    assert shown(answer, tmp_path) == snapshot


def test_rules_lists_every_rule(tmp_path):
    text, data = vtm(tmp_path, "rules").out, checked(vtm(tmp_path, "rules", "--json"))
    codes = [rule.code for rule in rules()]
    assert [line.split()[0] for line in text.splitlines()[:-1]] == codes
    assert [each["code"] for each in data["rules"]] == codes
    assert data["total"] == data["returned"] == len(codes)


@pytest.mark.parametrize("code", [rule.code for rule in rules()])
def test_every_rule_is_explained(code, tmp_path):
    text = vtm(tmp_path, "explain", code)
    assert text.code == 0
    assert all(f"{head}:" in text.out for head in ("Why", "Fails", "Passes", "Fix"))
    assert checked(vtm(tmp_path, "explain", f"{code}::A--T01", "--json"))["code"] == code


def test_schema_lists_and_prints(tmp_path):
    names = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))
    assert [line.split()[0] for line in vtm(tmp_path, "schema").out.splitlines()] == names
    assert list(checked(vtm(tmp_path, "schema", "--json"))["schemas"]) == names
    for name in names:
        printed = vtm(tmp_path, "schema", name)
        assert printed.out == (FOLDER / f"{name}.schema.json").read_text("utf-8")
    assert vtm(tmp_path, "schema", "vtm.next/1") == vtm(tmp_path, "schema", "next")


def test_config_says_where_settings_come_from(sample, monkeypatch):
    monkeypatch.setenv("VTM_FORMAT", "json")
    monkeypatch.setenv("NO_COLOR", "1")
    origins = {each["key"]: each["origin"] for each in checked(vtm(sample, "config"))["settings"]}
    assert origins["stale_after"] == "vtm.toml:1"
    assert origins["rules.severity.WARN::STALE-TASK"] == "vtm.toml:4"
    assert origins["wip_limit"] == "default"
    assert {origins["VTM_FORMAT"], origins["NO_COLOR"]} == {"environment"}


def test_baseline_leaves_out_what_it_knows(sample, tmp_path):
    (tmp_path / "known.json").write_text(vtm(sample, *words("validate --json")).out, "utf-8")
    answer = vtm(sample, *words("validate --strict --json --baseline ../known.json"))
    assert (answer.code, checked(answer)["baselined"], answer.json["total"]) == (0, 12, 0)
    assert vtm(sample, *words("validate --baseline ../known.json")).out == (
        "0 errors, 0 warnings, 12 known from the baseline\n"
    )


def test_paths_are_relative_to_the_folder_that_c_names(sample, tmp_path):
    write(tmp_path / "shop" / "other", [task("A--T01", related_specs=[])])
    for path in ("other", f"other/{MANIFEST}", str(sample / "other")):
        (finding,) = checked(vtm(sample, *words("validate --json"), path))["findings"]
        assert finding["code"] == "GAP::NO-SPECS::A--T01"
        assert finding["location"]["path"] == f"other/{MANIFEST}"


def test_what_is_named_twice_is_judged_once(sample):
    once = vtm(sample, *words("validate"))
    assert vtm(sample, *words("validate"), MANIFEST, STATE, ".", "docs/..", str(sample)) == once


def test_a_rule_that_did_not_run_has_not_passed(sample):
    put(sample, "vtm.toml", '[rules]\nselect = ["WARN", "empty-ac"]\nignore = ["stale-task"]\n')
    answer = vtm(sample, *words("validate --format junit --ignore WARN::WIP-OVERLOAD"))
    ran = set(re.findall(r'testcase classname="[^"]+" name="([^"]+)"', answer.out))
    ignored = {"WARN::STALE-TASK", "WARN::WIP-OVERLOAD"}
    warnings = {rule.code for rule in rules() if rule.backlog and rule.code.startswith("WARN::")}
    assert ran == {"BLOCKED::EMPTY-AC"} | warnings - ignored


def test_paths_tell_projects_apart(sample, tmp_path):
    write(tmp_path / "other", [task("A--T01", related_specs=[])])
    found = checked(vtm(sample, *words("validate --json"), ".", "../other"))["findings"]
    assert {each["location"]["path"] for each in found} == {
        *(MANIFEST, STATE),
        (tmp_path / "other" / MANIFEST).as_posix(),
    }


HOSTILE_COMMANDS = [
    *[each for each, _ in CASES.values() if not each.startswith(("why", "show", "graph", "explain"))],
    *[each for each, _ in FORMATS.values()],
    *[f"validate --format {each}" for each in ("github", "sarif", "junit")],
    *[
        f"{each} {name}"
        for each in ("why", "show", "graph show", "prompt")
        for name in (HOSTILE_ID, "PAY--T02")
    ],
    *[f"{each} {HOSTILE_ID}" for each in ("context", "context --budget 2000", "prescan")],
    f"commit-msg {HOSTILE_ID} {HOSTILE_ID}",
    "graph show",
    *[f"graph {each}" for each in ANALYSES],
    "init",
    "show NOT\x1b[31mTHERE",
    "explain NO\u202eCODE",
    "schema NO\x9bSCHEMA",
    "no\x1bcommand",
    "next --phase \x9b31m",
    "validate NO\x1bFILE",
    "validate --baseline NO\x1bFILE",
]


@pytest.mark.parametrize("form", ["", " --json"])
@pytest.mark.parametrize("command", HOSTILE_COMMANDS)
def test_no_output_obeys_the_backlog(command, form, hostile):
    if command.startswith(("preflight", "next", "why")):
        repository(hostile, commit_first=False)
        put(hostile, "\x1b[31m\u202estray", "")
    answer = vtm(hostile, *command.split(" "), *form.split())
    assert answer.code in {0, 1, 2, 3}
    text = answer.out + answer.err
    raw = {char for char in text if category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert raw <= ({"\n", "\t"} if "junit" in command or "github" in command else {"\n"})
    if form and "--format" not in command:
        assert "schema" not in answer.json or checked(answer)
