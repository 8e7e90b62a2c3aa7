"""What counts as a baseline."""

import json

import pytest

from vtm.errors import ExitCode, WrongUsageError
from vtm.sources.baseline import load_baseline


def finding(code="GAP::X", path="a.json", message="m"):
    return {"code": code, "location": {"path": path, "line": 3}, "message": message}


KNOWN = {
    "none": ([], set()),
    "some": (
        [finding(), finding("WARN::Y::T1", "b.json", "n")],
        {("GAP::X", "a.json", "m"), ("WARN::Y::T1", "b.json", "n")},
    ),
    "twice": ([finding(), finding()], {("GAP::X", "a.json", "m")}),
    "odd-entries": ([None, 3, "x", []], set()),
    "without-a-place": ([{"code": "C", "message": "m"}], {("C", "", "m")}),
    "odd-place": ([{"code": "C", "message": "m", "location": "a.json"}], {("C", "", "m")}),
    "odd-fields": ([{"code": 1, "location": {"path": None}}], {("1", "None", "None")}),
}


@pytest.mark.parametrize(("findings", "known"), KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "marked"])
def test_a_baseline_knows_code_file_and_message(tmp_path, findings, known, mark):
    path = tmp_path / "known.json"
    path.write_text(mark + json.dumps({"schema": "vtm.validate/1", "findings": findings}), "utf-8")
    assert load_baseline(path) == known


REFUSED = {
    "list": (b"[]", "holds no findings", 0, 0),
    "without-findings": (b'{"ok": true}', "holds no findings", 0, 0),
    "findings-are-no-list": (b'{"findings": {}}', "holds no findings", 0, 0),
    "empty": (b"", "is empty", 1, 1),
    "cut": (b'{"findings": [\n', "ends in the middle", 2, 1),
    "text-output": (b"a.json:1:1: error", "is not JSON: invalid character", 1, 1),
    "conflict": (b"{\n<<<<<<< a\n", "holds conflict markers of a merge", 2, 1),
    "deep": (b"[" * 100_000, "is nested too deeply to be a backlog", 1, 201),
}


@pytest.mark.parametrize(("data", "reason", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_baseline_is_wrong_usage(tmp_path, data, reason, line, column):
    path = tmp_path / "known.json"
    path.write_bytes(data)
    with pytest.raises(WrongUsageError) as raised:
        load_baseline(path)
    error = raised.value
    assert (error.message, error.line, error.column) == (f"baseline known.json {reason}", line, column)
    assert (error.code, error.path, error.exit_code) == ("INVALID-BASELINE", "known.json", ExitCode.USAGE)
    assert error.fix == "write it with `vtm validate --json > known.json`"


@pytest.mark.parametrize(("make", "reason"), [("mkdir", "is a directory"), ("exists", "does not exist")])
def test_a_baseline_must_be_a_file(tmp_path, make, reason):
    path = tmp_path / "known.json"
    getattr(path, make)()
    with pytest.raises(WrongUsageError, match=f"baseline known.json {reason}"):
        load_baseline(path)
