"""Completes a task: evidence is gathered before anything is locked, and judged under the lock."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from vtm.app.app import App
from vtm.engine.recorder import Recorder
from vtm.engine.request import Request
from vtm.errors import UnreadableError, WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Action, Caller
from vtm.model.naming import criteria_named
from vtm.model.override import NO_OVERRIDE, Override
from vtm.model.state import Evidence
from vtm.model.task import Task
from vtm.queries.changed import Changed
from vtm.sources.files import read_bytes
from vtm.sources.references import References


class Claimed(NamedTuple):
    """What a caller says shows that a task is done.

    Attributes:
        file: JSON with the fields of `Evidence`.
        run: Command line that is to show it.
        covers: Criterion, as typed, to paths of tests.
    """

    tests_passed: int | None = None
    commit: str | None = None
    file: Path | None = None
    run: str | None = None
    covers: Mapping[str, Sequence[str]] = {}
    pr_number: int | None = None


def completed(
    app: App,
    engine: Recorder,
    name: str,
    caller: Caller,
    claimed: Claimed,
    echo: Callable[[bytes], None],
    *,
    override: Override = NO_OVERRIDE,
    dry_run: bool = False,
) -> Changed:
    """Complete a task; a command that is to show that it is done runs first, unless that is in vain anyway.

    Raises:
        WrongUsageError: What is claimed contradicts itself or does not exist.
        RefusedError: Gates refuse; all of them are named.
        IllegalTransitionError: The task is not in progress.
    """

    def request(evidence: Evidence, *, dry: bool) -> Request:
        def details(backlog: Backlog, task: Task) -> Details:
            covers = _covers(app, backlog, task, {**evidence.covers, **claimed.covers})
            result = msgspec.structs.replace(evidence, covers=covers)
            return Details(pr_number=claimed.pr_number, result=None if result == Evidence() else result)

        return Request(name, Kind.COMPLETE, caller, details, Action.COMPLETE, override, dry)

    given = _given(app, claimed)
    if claimed.run is None or dry_run:
        shown = msgspec.structs.replace(given, exit_code=0) if claimed.run else given
        return engine.record(request(shown, dry=dry_run))
    engine.record(request(msgspec.structs.replace(given, exit_code=0), dry=True))
    return engine.record(request(_ran(app, claimed.run, given, echo), dry=False))


def _ran(app: App, command: str, given: Evidence, echo: Callable[[bytes], None]) -> Evidence:
    from vtm.runners.command import run  # noqa: PLC0415  subprocess: 4 ms

    ended = run(command, app.project.work, echo)
    return msgspec.structs.replace(given, command=command, exit_code=ended.exit_code, digest=ended.digest)


def _given(app: App, claimed: Claimed) -> Evidence:
    evidence = _from_file(claimed.file) if claimed.file else Evidence()
    if claimed.tests_passed is not None:
        evidence = msgspec.structs.replace(evidence, tests_passed=claimed.tests_passed)
    commit = claimed.commit or evidence.commit
    if (evidence.tests_passed or 0) < 0 or (evidence.tests_failed or 0) < 0:
        raise WrongUsageError(
            "fewer than no tests cannot pass or fail", code="USAGE", fix="correct `tests_passed`"
        )
    if commit is None and evidence.tests_passed is not None and app.project.repository is not None:
        raise WrongUsageError(
            "tests that passed need the commit that was tested", code="USAGE", fix="say --commit SHA"
        )
    return msgspec.structs.replace(evidence, commit=_known(app, commit) if commit else None)


def _known(app: App, commit: str) -> str:
    """The full id of a commit; outside git, what was said."""
    if app.project.repository is None:
        return commit
    from vtm.git.repository import GitRepository  # noqa: PLC0415  subprocess: 4 ms

    found = GitRepository(app.project.repository, app.project.work).commit(commit)
    if not found:
        raise WrongUsageError(
            f"there is no commit {commit}", code="UNKNOWN-COMMIT", fix="`git log` shows what there is"
        )
    return found


def _from_file(path: Path) -> Evidence:
    data = read_bytes(path, path.name)
    try:
        return msgspec.json.decode(data, type=Evidence) if isinstance(data, bytes) else _missing(path)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(
            f"{path.name} is no evidence: {error}",
            code="UNREADABLE-FILE",
            fix='write {"tests_passed": 12, "exit_code": 0, "commit": "…", "covers": {"AC": ["tests/…"]}}',
        ) from None


def _missing(path: Path) -> Any:
    raise UnreadableError(f"{path.name} cannot be read", code="UNREADABLE-FILE", fix="name a JSON file")


def _covers(
    app: App, backlog: Backlog, task: Task, covers: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Ids of criteria to paths of tests, all of which are there."""
    references = References(app.project.work, app.settings.paths.adr)
    found: dict[str, tuple[str, ...]] = {}
    for name, paths in covers.items():
        (criterion,) = criteria_named(backlog, task, [name])
        for path in paths:
            problem = references.test(path).problem
            if problem:
                raise WrongUsageError(
                    f"{path} {problem}", code="UNKNOWN-TEST", fix="name a test that is there"
                )
        found[criterion] = (*found.get(criterion, ()), *paths)
    return found
