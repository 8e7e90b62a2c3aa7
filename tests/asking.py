"""What tests of queries need again and again."""

from datetime import UTC, datetime

from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.model.finding import Finding, Location, Severity

NOW = datetime(2026, 1, 10, tzinfo=UTC)

DONE, ON, STOPPED, GONE = ({"status": each} for each in ("completed", "in-progress", "blocked", "abandoned"))
HIGH, LOW, MAYBE = {"risk": "High"}, {"risk": "Low"}, {"provisional": True}


def task(name, *needs, **more):
    """A task entry."""
    return {"task_id": name, "depends_on_tasks": list(needs), **more}


def asked(query, tasks, state=None, *arguments, manifest=None, state_file=None, **options):
    """The answer of a query that takes a backlog and its readiness first."""
    backlog = backlog_of(tasks, state, manifest, state_file)
    return query(backlog, Readiness(backlog), *arguments, **options)


def finding(code, *tasks, severity="error", path="m.json", line=0, column=0, message="", blocking=False):
    """A finding; what does not matter to a test has a default."""
    return Finding(
        code,
        Severity(severity),
        message or f"{code} it is",
        "mend it",
        Location(path, line, column),
        blocking,
        tasks,
    )


def names(tasks):
    """The ids of tasks, or of whatever has a `task_id`."""
    return [each.task_id for each in tasks]
