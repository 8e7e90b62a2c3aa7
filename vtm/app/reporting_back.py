"""Takes the report of a worker: finds it, looks at what it did, and lets the engine decide."""

import posixpath
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.place_of_work import at_the_work, commit_of_work
from vtm.app.recording import recorder
from vtm.discovery import runtime_folder
from vtm.engine.reporting import HeldByOtherError, Reporting, take_report
from vtm.model.facts import Caller
from vtm.model.report import WorkerReport
from vtm.model.state import Evidence
from vtm.queries.report_back import ReportBack
from vtm.sources.task_names import any_file_of
from vtm.sources.worker_reports import Found, read_report
from vtm.stores.durable import replace_file

_KEPT = "reports"


def reported(
    app: App,
    text: bytes,
    caller: Caller,
    *,
    name: str = "the report",
    dry_run: bool = False,
    tell: Callable[[Sequence[str]], None] = lambda _: None,
) -> ReportBack:
    """Take the report that is in `text`, which messages call `name`; `tell` hears what else is to be known.

    What the branch of the task has changed, where it is checked out, else the caller's, is compared with it,
    and its commit is the evidence.

    Raises:
        WrongUsageError: There is no report in it, or it contradicts itself, or names what does not exist.
        RefusedError: Its epoch is over; if somebody else holds the task, the report is kept elsewhere.
        IllegalTransitionError: The task is not in progress, and is not what the report says it is either.
        ExternalError: Git cannot answer, or the system refuses.
    """
    found = read_report(text, name)
    tell(found.notices)
    app = at_the_work(app, found.report.task_id)
    engine = recorder(app)
    work = app.project.work
    report = replace(
        found.report, files_modified=tuple(relative_to(each, work) for each in found.report.files_modified)
    )
    asked = Reporting(report, found.digest, _evidence(app, report), caller, dry_run)
    try:
        with engine.desk() as desk:
            return take_report(desk, asked)
    except HeldByOtherError as error:
        if not dry_run:
            error.message += f"; {_kept(app, found)}"
        raise
    finally:
        tell(engine.notices)


def relative_to(path: str, work: Path) -> str:
    """A path as git names it: relative to the project at `work`, whatever the system of its author."""
    plain = path.strip().replace("\\", "/")
    if PurePath(plain).is_absolute() and PurePath(plain).is_relative_to(work):
        plain = PurePath(plain).relative_to(work).as_posix()
    return posixpath.normpath(plain)


def _evidence(app: App, report: WorkerReport) -> Evidence | None:
    """What the tests of a report show; None where it has none, or where git has no commit that was tested."""
    results = report.test_results
    commit = commit_of_work(app, report.task_id) if results else ""
    if results is None or (not commit and app.project.repository is not None):
        return None
    return Evidence(
        tests_passed=results.passed,
        tests_failed=results.failed or None,
        command=results.command or None,
        commit=commit or None,
    )


def _kept(app: App, found: Found) -> str:
    """Keep a report that is not applied; the sentence that says where it is."""
    folder = runtime_folder(app.project) / _KEPT
    task = PurePath(any_file_of("", found.report.task_id)).stem[:60]
    path = folder / f"{task}-{found.digest[:12]}.json"
    try:
        replace_file(path, found.data + b"\n")
    except OSError as error:
        return f"the report cannot be kept: {(error.strerror or 'it failed').lower()}"
    return f"the report is kept as {path.as_posix()}"
