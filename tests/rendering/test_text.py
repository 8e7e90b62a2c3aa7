"""Answers as text, at a terminal and elsewhere; `tests/cli` shows what a whole project looks like."""

from datetime import UTC, datetime, timedelta

import click
import pytest
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from tests.builders import backlog_of
from tests.projects import HOSTILE
from vtm.graph.readiness import Readiness
from vtm.model.facts import Facts
from vtm.model.finding import Finding, Location, Severity
from vtm.model.settings import Settings
from vtm.queries.next_task import NoTask, Outcome, Skipped
from vtm.queries.pulse import pulse
from vtm.queries.report import report
from vtm.queries.shown import shown_task
from vtm.queries.status import backlog_status
from vtm.queries.validation import Validation
from vtm.rendering.render import Terminal, as_text
from vtm.rendering.text.wording import age, counted, listed, moment

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TASKS = [
    {"task_id": "A--T01", "phase": "Phase 1", "slice": "Slice 1.1", "risk": "High"},
    {"task_id": "A--T02", "phase": "Phase 1", "slice": "Slice 1.1", "risk": "High"},
    {"task_id": "A--T03", "phase": "Überbau", "slice": HOSTILE, "depends_on_tasks": ["A--T04"]},
    {"task_id": "A--T04", "phase": "", "depends_on_tasks": ["A--T01"], "provisional": True},
]
STATE = {
    "A--T01": {
        "status": "completed",
        "completed_at": "2026-03-10T11:35:00Z",
        "waived": {"B--T01": "", "B--T02": "not wanted"},
        "evidence": {"tests_passed": 1, "exit_code": 0, "commit": "1a2b3c4"},
    },
    "A--T02": {"status": "in-progress", "started_at": "2026-03-10T05:00:00+02:00", "evidence": {}},
    "A--T03": {"status": "in-progress"},
}
BACKLOG = backlog_of(TASKS, STATE)
READINESS = Readiness(BACKLOG)


def finding(code="GAP::SCHEMA", severity=Severity.ERROR, path="tasks.json", line=3, column=0):
    return Finding(code, severity, f"{code} says\nso", "mend it", Location(path, line, column))


FINDINGS = [
    finding(),
    finding("WARN::WIP-OVERLOAD", Severity.WARNING, path=""),
    finding("BLOCKED::WIP-LIMIT", path=".", line=0),
]


def facts(limit):
    return Facts(now=NOW, settings=Settings(wip_limit=limit))


def shown(task_id):
    return shown_task(BACKLOG, READINESS, BACKLOG[task_id], FINDINGS[:1])


RESULTS = {
    "status": backlog_status(BACKLOG, READINESS, NOW),
    "pulse": pulse(BACKLOG, READINESS, NOW),
    "report-too-many": report(BACKLOG, READINESS, facts(1), FINDINGS),
    "report-no-limit": report(BACKLOG, READINESS, facts(0), []),
    "show-done": shown("A--T01"),
    "show-running": shown("A--T02"),
    "show-held": shown("A--T04"),
    "validate": Validation(False, False, 1, 2, 3, FINDINGS, 7, 3, True),
    "next-held": NoTask("No startable task", "2 tasks are held", Outcome.WAITING, [Skipped("A", ["X", "Y"])]),
    "next-stuck": NoTask("No eligible task", "1 task is stuck", Outcome.DEADLOCKED),
    "next-filtered": NoTask("No eligible task", "none fits", Outcome.FILTERED),
}
TERMINALS = {
    "plain": Terminal(),
    "no-color": Terminal(interactive=True),
    "wide": Terminal(interactive=True, decorated=True, width=200),
    "narrow": Terminal(interactive=True, decorated=True, width=20),
}


@pytest.mark.parametrize("name", RESULTS)
def test_plain(name, snapshot):
    text = as_text(RESULTS[name], TERMINALS["plain"])
    assert text == snapshot(extension_class=SingleFileAmberSnapshotExtension)
    assert text == as_text(RESULTS[name], TERMINALS["no-color"])


@pytest.mark.parametrize("terminal", ["wide", "narrow"])
@pytest.mark.parametrize("name", ["status", "validate", "pulse"])
def test_decorated(name, terminal, snapshot):
    text = as_text(RESULTS[name], TERMINALS[terminal])
    assert text.replace("\x1b", "ESC") == snapshot(extension_class=SingleFileAmberSnapshotExtension)


@pytest.mark.parametrize("name", RESULTS)
def test_colours_change_no_text(name):
    decorated = click.unstyle(as_text(RESULTS[name], TERMINALS["wide"]))
    assert "\x1b" not in decorated
    if name != "status":
        assert decorated == as_text(RESULTS[name], TERMINALS["plain"])


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0m"),
        (59, "0m"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (172799, "47h"),
        (172800, "2d"),
        (10**8, "1157d"),
    ],
)
def test_age(seconds, shown):
    assert age(seconds) == shown


@pytest.mark.parametrize(
    ("number", "words", "shown"),
    [
        (0, ["task"], "0 tasks"),
        (1, ["task"], "1 task"),
        (2, ["task"], "2 tasks"),
        (1, ["dependency", "dependencies"], "1 dependency"),
        (2, ["dependency", "dependencies"], "2 dependencies"),
    ],
)
def test_counted(number, words, shown):
    assert counted(number, *words) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, ""),
        (1, "0"),
        (10, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (12, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
    ],
)
def test_listed(number, shown):
    assert listed([str(each) for each in range(number)]) == shown


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW, "2026-03-10T12:00:00Z"),
        (NOW + timedelta(microseconds=1), "2026-03-10T12:00:00Z"),
        (datetime.fromisoformat("2026-03-10T12:00:00+02:00"), "2026-03-10T12:00:00+02:00"),
    ],
)
def test_moment(at, shown):
    assert moment(at) == shown
