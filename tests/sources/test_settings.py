"""What vtm.toml may hold, and where an error in it is said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.errors import ExitCode, UnreadableError, VtmError, WrongUsageError
from vtm.model.agent_settings import Agents, Choice, Program
from vtm.model.settings import Git, Minutes, Paths, Prd, Rules, Settings, seconds
from vtm.sources.settings import Configured, keys, load_settings, values

EVERY = "`vtm config` shows every setting"
DEFAULTS = "`vtm config` shows every setting with its default"
SYNTAX = "correct the syntax at this place"


@pytest.fixture
def load(tmp_path):
    """A reader of settings that also sees to it that the file stays as it was."""

    def read(content):
        data = content if isinstance(content, bytes) else content.encode()
        path = tmp_path / "vtm.toml"
        path.write_bytes(data)
        try:
            return load_settings(path)
        finally:
            assert path.read_bytes() == data

    return read


def refused(load, content):
    """Message, line, column and fix of the error that `content` causes."""
    with pytest.raises(VtmError) as raised:
        load(content)
    error = raised.value
    assert error.path == "vtm.toml"
    return error


SET = {
    "nothing": ("", Settings(), {}),
    "comment": ("# wip_limit = 9\n", Settings(), {}),
    "number": ("\nwip_limit = 0\n", Settings(wip_limit=0), {"wip_limit": 2}),
    "table": (
        "[paths]\n\nmanifest = 'a.json'",
        Settings(paths=Paths(manifest="a.json")),
        {"paths.manifest": 3},
    ),
    "empty-table": ("[paths]\n", Settings(), {"paths": 1}),
    "inline-table": (
        "wip_limit = 1\npaths = { manifest = 'a.json', state = 'b.json' }",
        Settings(wip_limit=1, paths=Paths(manifest="a.json", state="b.json")),
        {"wip_limit": 1, "paths.manifest": 2, "paths.state": 2},
    ),
    "dotted": (
        "estimate.S = 1\nestimate . L = 2",
        Settings(estimate=Minutes(S=1, L=2)),
        {"estimate.S": 1, "estimate.L": 2},
    ),
    "quoted": ("[ 'git' ]\n\"main\" = ['trunk']", Settings(git=Git(main=("trunk",))), {"git.main": 2}),
    "windows": (
        "wip_limit = 1\r\n[prd]\r\nmax_age = '2w'\r\n",
        Settings(wip_limit=1, prd=Prd(max_age="2w")),
        {"wip_limit": 1, "prd.max_age": 3},
    ),
    "marked": ("\ufeffwip_limit = 1", Settings(wip_limit=1), {"wip_limit": 1}),
    "lines-of-other-kinds": (
        "x\u2028y = 1\n".replace("x\u2028y", "# \u2028\x85") + "wip_limit = 1",
        Settings(wip_limit=1),
        {"wip_limit": 2},
    ),
    "several-lines": (
        "[git]\nmain = [\n 'a',\n 'b',\n]\ngate = false",
        Settings(git=Git(main=("a", "b"), gate=False)),
        {"git.main": 2, "git.gate": 6},
    ),
    "open-table": (
        '[rules.severity]\n"WARN::STALE-TASK" = "error"\n',
        Settings(rules=Rules(severity={"WARN::STALE-TASK": "error"})),
        {"rules.severity.WARN::STALE-TASK": 2},
    ),
    "open-table-dotted": (
        '[rules]\nseverity."GAP::X" = "warning"\n[agents]\nHigh = "opus"',
        Settings(rules=Rules(severity={"GAP::X": "warning"}), agents=Agents(High="opus")),
        {"rules.severity.GAP::X": 2, "agents.High": 4},
    ),
    "open-table-inline": (
        '[rules]\nseverity = { "GAP::X" = "warning" }',
        Settings(rules=Rules(severity={"GAP::X": "warning"})),
        {"rules.severity.GAP::X": 2},
    ),
    "tables-in-an-open-table": (
        "[agents.kinds.research]\nrunner = 'opencode'\n[runners]\n\"my-own\".command = ['x']",
        Settings(
            agents=Agents(kinds={"research": Choice(runner="opencode")}),
            runners={"my-own": Program(command=("x",))},
        ),
        {"agents.kinds.research.runner": 2, "runners.my-own.command": 4},
    ),
    "whole-share": (
        "[activation]\nhigh_pending = 1",
        Settings(activation=Settings().activation.__class__(high_pending=1.0)),
        {"activation.high_pending": 2},
    ),
}


@pytest.mark.parametrize(("text", "settings", "lines"), SET.values(), ids=SET)
def test_settings_are_read_with_the_lines_that_set_them(load, text, settings, lines):
    assert load(text) == Configured(settings, lines)


def test_without_a_file_every_setting_has_its_default(tmp_path):
    assert load_settings(tmp_path / "vtm.toml") == Configured(Settings(), {})
    assert list(tmp_path.iterdir()) == []


UNKNOWN = {
    "near": ("\nwip_limits = 3", "wip_limits", 2, "did you mean wip_limit?"),
    "near-in-a-table": ("[paths]\n\nmanifst = 'x'", "paths.manifst", 3, "did you mean paths.manifest?"),
    "outside-its-table": ("manifest = 'x'", "manifest", 1, "did you mean paths.manifest?"),
    "in-another-table": ("[git]\ngate = true\nmax_age = '1d'", "git.max_age", 3, "did you mean prd.max_age?"),
    "agent": ("[agents]\nhigh = 'x'", "agents.high", 2, "did you mean agents.High?"),
    "of-a-kind": (
        "[agents.kinds.research]\nruner = 'x'",
        "agents.kinds.research.runer",
        2,
        "did you mean agents.kinds.research.runner?",
    ),
    "of-a-risk": (
        "[agents.risks.High]\nagnt = 'x'",
        "agents.risks.High.agnt",
        2,
        "did you mean agents.risks.High.agent?",
    ),
    "risk": (
        "[agents.risks.high]\nagent = 'x'",
        "agents.risks.high.agent",
        2,
        "did you mean agents.risks.High.agent?",
    ),
    "of-a-runner": (
        "[runners]\nfast.comand = ['x']",
        "runners.fast.comand",
        2,
        "did you mean runners.fast.command?",
    ),
    "case": ("WIP_limit = 1", "WIP_limit", 1, "did you mean wip_limit?"),
    "dashes": ("stale-after = '1h'", "stale-after", 1, "did you mean stale_after?"),
    "far": ("# x\n[zzz]\nqqqqqqqq = 1", "zzz.qqqqqqqq", 3, EVERY),
    "empty-table": ("[zzz]", "zzz", 1, EVERY),
    "inline": ("git = { gates = 1 }", "git.gates", 1, "did you mean git.gate?"),
    "deeper-than-known": ("[git.main]\nx = 1", "git.main.x", 2, "did you mean git.main?"),
    "empty-key": ("'' = 1", "", 1, EVERY),
    "unicode": ("'größe' = 1", "größe", 1, EVERY),
    "escape": ('"\\u001b[31m" = 1', "\x1b[31m", 1, EVERY),
    "first-of-two": ("[paths]\nstat = 'x'\n[git]\ngat = 1", "paths.stat", 2, "did you mean paths.state?"),
}


@pytest.mark.parametrize(("text", "key", "line", "fix"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_key_is_refused_with_the_nearest_one(load, text, key, line, fix):
    error = refused(load, text)
    assert (error.message, error.line, error.column, error.fix) == (
        f"vtm.toml has no setting {key}",
        line,
        1,
        fix,
    )
    assert (type(error), error.code, error.exit_code) == (WrongUsageError, "UNKNOWN-SETTING", ExitCode.USAGE)


WRONG = {
    "text-for-a-number": ("wip_limit = '3'", "wip_limit: expected `int`, got `str`", 1),
    "flag-for-a-number": ("wip_limit = true", "wip_limit: expected `int`, got `bool`", 1),
    "half": ("wip_limit = 2.5", "wip_limit: expected `int`, got `float`", 1),
    "negative": ("# x\nwip_limit = -1", "wip_limit: expected `int` >= 0", 2),
    "number-for-a-table": ("paths = 3", "paths: expected `object`, got `int`", 1),
    "tables-for-a-table": ("[[paths]]\nmanifest = 'x'", "paths: expected `object`, got `array`", 1),
    "number-for-text": ("[paths]\nstate = 1", "paths.state: expected `str`, got `int`", 2),
    "text-for-a-list": ("[paths]\nstate = 'x'\nadr = 'docs'", "paths.adr: expected `array`, got `str`", 3),
    "number-in-a-list": ("[git]\nmain = [\n'a', 1]", "git.main: expected `str`, got `int`", 2),
    "date-for-text": ("[prd]\nsha256 = 2026-01-31", "prd.sha256: expected `str`, got `date`", 2),
    "unknown-choice": ("[git]\nmerge = 'always'", "git.merge: invalid enum value 'always'", 2),
    "unknown-severity": (
        "[rules.severity]\na = 'error'\nb = 'fatal'",
        "rules.severity.b: invalid enum value 'fatal'",
        3,
    ),
    "number-for-an-agent": ("[agents]\nHigh = 'x'\n\nLow = 1", "agents.Low: expected `str`, got `int`", 4),
    "text-for-a-kind": ("[agents.kinds]\na = 'x'", "agents.kinds.a: expected `object`, got `str`", 2),
    "text-for-a-command": (
        "[runners.own]\ncommand = 'x y'",
        "runners.own.command: expected `array`, got `str`",
        2,
    ),
    "share-above-one": (
        "[activation]\nhigh_pending = 1.5",
        "activation.high_pending: expected `float` <= 1.0",
        2,
    ),
    "duration-without-unit": ("stale_after = '48'", "stale_after: expected `str` matching regex", 1),
    "duration-as-number": ("stale_after = 48", "stale_after: expected `str`, got `int`", 1),
    "duration-with-space": ("lease_ttl = '30 m'", "lease_ttl: expected `str` matching regex", 1),
    "duration-with-line-end": ("lease_ttl = '''30m\n'''", "lease_ttl: expected `str` matching regex", 1),
    "duration-endless": ("lease_ttl = '9999999s'", "lease_ttl: expected `str` matching regex", 1),
    "duration-in-other-digits": ("lease_ttl = '\u0663m'", "lease_ttl: expected `str` matching regex", 1),
    "age": ("[prd]\nmax_age = '1y'", "prd.max_age: expected `str` matching regex", 2),
}


@pytest.mark.parametrize(("text", "message", "line"), WRONG.values(), ids=WRONG)
def test_a_value_that_does_not_fit_is_refused_where_it_is_set(load, text, message, line):
    error = refused(load, text)
    assert error.message.startswith(f"vtm.toml: {message}")
    assert (error.line, error.column, error.fix) == (line, 1, DEFAULTS)
    assert (type(error), error.code) == (WrongUsageError, "INVALID-SETTING")


BROKEN = {
    "no-value": (b"a = \n", "", 1, 5),
    "json": (b'{"a": 1}', "", 1, 1),
    "second-line": (b"wip_limit = 1\n  = 2", "", 2, 3),
    "not-closed": (b"wip_limit = 1\n[paths", "", 2, 7),
    "string-not-closed": (b"wip_limit = 1\na = '''x\n", "", 3, 1),
    "twice": (b"a = 1\na = 2", "", 2, 6),
    "conflict": (b"wip_limit = 1\n<<<<<<< HEAD\n", "", 2, 1),
    "nul": (b"a = 'x\0'", "", 1, 7),
    "invalid-utf8": ("é = 1\nx = 'é".encode() + b"\xff'", "not valid UTF-8", 2, 7),
    "utf16": ("a = 1".encode("utf-16"), "not valid UTF-8", 1, 1),
    "deep": (b"a = " + b"[" * 100_000, "nested too deeply", 1, 1),
    "endless-number": (b"wip_limit = " + b"9" * 5000, "exceeds the limit", 1, 5013),
}


@pytest.mark.parametrize(("data", "message", "line", "column"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_toml_is_refused_where_it_is_wrong(load, data, message, line, column):
    error = refused(load, data)
    assert error.message.lower().startswith(f"vtm.toml is not toml: {message}".lower())
    assert "line" not in error.message.removeprefix("vtm.toml")
    assert (error.line, error.column, error.fix) == (line, column, SYNTAX)
    assert (type(error), error.code, error.exit_code) == (
        UnreadableError,
        "UNREADABLE-SETTINGS",
        ExitCode.UNREADABLE,
    )


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / "vtm.toml").mkdir()
    with pytest.raises(UnreadableError, match=r"vtm\.toml is a directory") as raised:
        load_settings(tmp_path / "vtm.toml")
    assert (raised.value.path, raised.value.fix) == ("vtm.toml", "put the file in its place")


def test_long_lines_without_a_value_are_read_quickly(load):
    assert load("wip_limit = 1\n#" + " " * 200_000 + "\n" + " " * 200_000 + "\n").lines == {"wip_limit": 1}
    assert refused(load, " " * 100_000 + "[" * 3).line == 1


@given(st.text() | st.binary())
def test_any_content_is_settings_or_refused_with_a_place(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("settings") / "vtm.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        assert isinstance(load_settings(path), Configured)
    except VtmError as error:
        assert error.line >= 1
        assert error.column >= 1
        assert error.fix


def test_every_key_is_listed_once_and_has_a_value():
    assert list(keys()) == list(dict.fromkeys(keys()))
    shown = dict(values(Settings(rules=Rules(severity={"GAP::X": "error"}))))
    assert [each for each in shown if each not in keys()] == ["rules.severity.GAP::X"]
    assert [each for each in keys() if each not in shown] == ["rules.severity"]
    assert (shown["wip_limit"], shown["paths.prd"], shown["agents.High"]) == (3, "", "")


DURATIONS = {
    "0s": 0,
    "90s": 90,
    "30m": 1800,
    "48h": 172_800,
    "1d": 86_400,
    "2w": 1_209_600,
    "999999w": 604_799_395_200,
}


@pytest.mark.parametrize(("written", "length"), DURATIONS.items())
def test_a_duration_is_a_number_of_seconds(load, written, length):
    assert seconds(load(f"stale_after = '{written}'").settings.stale_after) == length


def test_either_setting_says_where_the_prd_is(load):
    assert load("[paths]\nprd = 'a.md'").settings.prd_path == "a.md"
    assert load("[paths]\nprd = 'a.md'\n[prd]\npath = 'b.md'").settings.prd_path == "b.md"
