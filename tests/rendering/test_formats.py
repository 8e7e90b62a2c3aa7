"""Findings for other programs: what each format prints, and that no text can break it."""

import hashlib
import json
import re
from importlib import import_module
from importlib.metadata import distribution
from pkgutil import iter_modules
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from vtm.model.finding import Finding, Location, Severity
from vtm.queries.validation import validation
from vtm.rendering import formats
from vtm.rendering.formats import github, junit, sarif
from vtm.rendering.rule_summary import RuleSummary, rule_code

MODULES = [import_module(f"{formats.__name__}.{each.name}") for each in iter_modules(formats.__path__)]
FORMATS = {each.__name__.rpartition(".")[2]: each.render for each in MODULES if hasattr(each, "render")}
RULES = (
    RuleSummary(
        "BLOCKED::EMPTY-AC",
        "A task has no acceptance criteria.",
        "A task has no acceptance criteria.\n\nWhy: nobody can tell when it is done.\n\n"
        "Fails:\n    - {task_id: A--T01}\n\nFix: write at least one.",
        Severity.ERROR,
    ),
    RuleSummary("GAP::SCHEMA", "A file does not fit its schema.", "", Severity.ERROR),
    RuleSummary("WARN::STALE-TASK", "A task has been in progress for long.", "", Severity.WARNING),
)
MANIFEST = "docs/backlog/virtual-task-manifest.json"


def error(message="A--T01 has no acceptance criteria", path=MANIFEST, line=12, column=5):
    where = Location(path, line, column)
    return Finding("BLOCKED::EMPTY-AC::A--T01", Severity.ERROR, message, "write at least one", where)


def warning(task="A--T02", line=0):
    where = Location("docs/backlog/task-state.json", line)
    return Finding(f"WARN::STALE-TASK::{task}", Severity.WARNING, f"{task} is 3 days old", "", where)


HOSTILE = (
    "100%\r\n::error file=x::second\x1b[31m red \x9b32m\n##[error]third ]]> <b>&amp;</b> "
    "{0} [link](https://example.org) \x00\u2028\u202e\ufffe %0A::add-mask::a"
)
RESULTS = {
    "none": validation([]),
    "one-error": validation([error()]),
    "warnings": validation([warning(), warning("A--T03", line=7)]),
    "both": validation([error(), warning(), error("another", line=3, column=0)]),
    "strict": validation([error(), warning()], strict=True),
    "hostile": validation([error(HOSTILE, path="a,b:c%\n::d.json")]),
    "unicode-path": validation([error("Überfällig: 日本語 😀", path="tâches/été 1/tâche #1.md")]),
    "unknown-rule": validation([Finding("GAP::NEW", Severity.ERROR, "no such rule", "", Location(""))]),
}

NASTY = (HOSTILE, "\n::error::x", "]]>", "\x1b[0m", "%0A", "[a](b)", *"%{}:,=/ \udcff")
TEXT = st.lists(st.one_of(st.characters(), st.sampled_from(NASTY))).map("".join)
FINDINGS = st.builds(
    Finding,
    code=st.one_of(TEXT, st.sampled_from([rule.code for rule in RULES]).map("{}::A--T01".format)),
    severity=st.sampled_from(Severity),
    message=TEXT,
    fix=TEXT,
    location=st.builds(Location, TEXT, st.integers(0, 9), st.integers(0, 9)),
)
VALIDATIONS = st.builds(validation, st.lists(FINDINGS, max_size=4), strict=st.booleans())


def with_any_text(test):
    return settings(deadline=None)(given(result=VALIDATIONS)(example(result=RESULTS["hostile"])(test)))


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(SingleFileAmberSnapshotExtension)


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("render", FORMATS.values(), ids=FORMATS)
def test_render(render, name, snapshot, monkeypatch):
    monkeypatch.setattr(sarif, "__version__", "1.2.3")
    assert render(RESULTS[name], RULES) == snapshot


@pytest.mark.parametrize("render", FORMATS.values(), ids=FORMATS)
@with_any_text
def test_prints_lines_that_a_terminal_shows_as_they_are(render, result):
    text = render(result, RULES)
    assert text.encode().decode() == text == render(result, RULES)
    assert text.endswith("\n") or not result.findings
    assert not text.endswith("\n\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text)


def parsed(line):
    """A line as the runner reads it: `ActionCommand.TryParseV2` of https://github.com/actions/runner."""
    info, _, data = line.removeprefix("::").partition("::")
    name, _, properties = info.partition(" ")
    pairs = dict(each.split("=", 1) for each in properties.split(",") if each)
    return name, {key: unescaped(value) for key, value in pairs.items()}, unescaped(data)


def unescaped(text):
    for escape, character in {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


@with_any_text
def test_github_prints_one_command_per_finding(result):
    lines = github.render(result, RULES).splitlines()
    assert len(lines) == len(result.findings)
    for line, finding in zip(lines, result.findings, strict=True):
        name, properties, _ = parsed(line)
        assert line.startswith(f"::{name} ")
        assert name == finding.severity
        assert set(properties) <= {"file", "line", "col", "title"}


@settings(deadline=None)
@given(message=st.text("a:,%=é \r\n\t"), path=st.text("a:,%=é /", min_size=1))
@example(message="100%0A%25", path="%2C%")
def test_github_reads_back_what_was_written(message, path):
    name, properties, data = parsed(github.render(validation([error(message, path)]), RULES).rstrip("\n"))
    assert name == "error"
    assert properties == {"file": path, "line": "12", "col": "5", "title": "BLOCKED::EMPTY-AC::A--T01"}
    assert data == f"{message}\nFix: write at least one"


SCHEMA = distribution("linceo").locate_file("linceo/data/sarif-schema-2.1.0.json").read_bytes()
VALIDATOR = Draft4Validator(json.loads(SCHEMA))


def test_the_sarif_schema_is_the_one_that_oasis_published():
    """Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json."""
    published = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
    assert hashlib.sha256(SCHEMA).hexdigest() == published


def run_of(result):
    """The run of a log, once it has been found valid."""
    log = json.loads(sarif.render(result, RULES))
    assert [f"{each.json_path}: {each.message}" for each in VALIDATOR.iter_errors(log)] == []
    return log["runs"][0]


@pytest.mark.parametrize("name", RESULTS)
def test_sarif_is_valid(name):
    run_of(RESULTS[name])


@with_any_text
def test_sarif_is_valid_for_any_text(result):
    run = run_of(result)
    rules = run["tool"]["driver"]["rules"]
    for each, finding in zip(run["results"], result.findings, strict=True):
        assert "ruleIndex" not in each or rules[each["ruleIndex"]]["id"] == each["ruleId"]
        for location in each["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)
            assert unquote(uri) == finding.location.path.encode("utf-8", "backslashreplace").decode()


def test_sarif_fingerprint_outlives_a_moved_line():
    before, after, other = (
        run_of(validation([each]))["results"][0]["partialFingerprints"]
        for each in (error(line=1), error(line=99, column=1), error("another"))
    )
    assert before == after != other


@with_any_text
def test_junit_parses_and_loses_no_finding(result):
    root = ElementTree.fromstring(junit.render(result, RULES))
    (suite,) = root
    cases = suite.findall("testcase")
    failing = [each for each in result.findings if result.strict or each.severity is Severity.ERROR]
    assert len(suite.findall("testcase/failure")) == len(failing)
    codes = {rule.code for rule in RULES} | {rule_code(each.code) for each in result.findings}
    assert len(cases) == len(codes)
    assert suite.attrib["tests"] == root.attrib["tests"] == str(len(cases))
    assert suite.attrib["failures"] == str(sum(each.find("failure") is not None for each in cases))
    assert bool(failing) == (not result.ok)
