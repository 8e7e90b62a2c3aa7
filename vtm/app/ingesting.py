"""Takes proposed tasks into the backlog, all of them or none."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.app.locking import held
from vtm.errors import UnreadableError
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage, Defect, Finding, Location, Pointer, Severity
from vtm.model.proposal import SCHEMA, Entry, Flaw, Resolved, resolved
from vtm.model.task import Task
from vtm.queries.ingested import Ingested, fresh, ingested
from vtm.rules.runner import backlog_rules, judge
from vtm.sources.files import Missing, read_bytes
from vtm.sources.positions import locate
from vtm.sources.proposals import Proposals, read_proposals, task_of


def read_input(folder: Path, file: str) -> Proposals:
    """The proposals in a file that a user names.

    Raises:
        UnreadableError: There is none, or it holds no proposals.
        WrongUsageError: It proposes nothing.
    """
    data = read_bytes(folder / file, file)
    if isinstance(data, Missing):
        fix = "name a file with a JSON list of tasks, or - for standard input"
        raise UnreadableError(f"{file} does not exist", code="GAP::UNREADABLE", path=file, fix=fix)
    if isinstance(data, Defect):
        raise UnreadableError(data.message, code=data.damage.value, path=file, fix=data.fix)
    return read_proposals(data, file)


def ingest(app: App, proposals: Proposals, *, apply: bool) -> Ingested:
    """Judge the backlog with `proposals` in it, and write it if `apply` says so and no error is new.

    Raises:
        UnreadableError: There is no backlog, or a manifest whose text cannot be edited.
        ConflictError: Somebody else is writing, or changed a file meanwhile.
        ExternalError: The system refuses; nothing was changed.
    """
    if not apply:
        return _ingest(app, proposals, apply=False)
    with held(app):
        return _ingest(app, proposals, apply=True)


def _ingest(app: App, proposals: Proposals, *, apply: bool) -> Ingested:
    declaring = Declaring.read_beside_files(app)
    flaws = _no_objects(proposals)
    if flaws:
        return _refused(app, proposals, flaws)
    found = resolved(proposals.entries, declaring.backlog)
    tasks, broken = _tasks(found.entries)
    if found.flaws or broken:
        return _refused(app, proposals, [*found.flaws, *broken])
    findings = _new(app, declaring, _with(declaring, tasks, proposals, found), proposals)
    if any(each.severity is Severity.ERROR for each in findings):
        return ingested(tasks, findings)
    record = declaring.transaction(app, tuple(task.task_id for task in tasks))
    written = declaring.written(declaring.text.with_tasks(found.entries).with_transaction(record))
    if not apply:
        return ingested(tasks, findings, manifest_hash=written.manifest_hash)
    files = declaring.write(written)
    return ingested(tasks, findings, transaction=record, manifest_hash=written.manifest_hash, files=files)


def _no_objects(proposals: Proposals) -> list[Flaw]:
    fix = "write an object with a title, acceptance_criteria and so on"
    return [
        Flaw(at, (), SCHEMA, f"proposal {at} is not an object", fix)
        for at, each in enumerate(proposals.entries)
        if not isinstance(each, dict)
    ]


def _tasks(entries: Sequence[Entry]) -> tuple[list[Task], list[Flaw]]:
    """The tasks that `entries` are, and what keeps the others from being any."""
    tasks: list[Task] = []
    flaws: list[Flaw] = []
    fix = "`vtm schema virtual-task-manifest` shows what it may be"
    for at, entry in enumerate(entries):
        task = task_of(entry)
        if isinstance(task, Task):
            tasks.append(task)
        else:
            flaws += [Flaw(at, keys, SCHEMA, f"proposal {at}: {what}", fix) for keys, what in task]
    return tasks, flaws


def _refused(app: App, proposals: Proposals, flaws: Sequence[Flaw]) -> Ingested:
    findings = [
        Finding(
            each.code,
            Severity.ERROR,
            each.message,
            each.fix,
            _at(proposals, each.proposal, each.keys),
            blocking=True,
        )
        for each in flaws
    ]
    return ingested([], _placed(app, findings, proposals))


def _at(proposals: Proposals, index: int, keys: Pointer = ()) -> Location:
    return Location(proposals.name, pointer=(*proposals.at, index, *keys))


def _with(declaring: Declaring, tasks: Sequence[Task], proposals: Proposals, found: Resolved) -> Backlog:
    """The backlog with `tasks` in it, and what was doubtful about how they were read."""
    doubts = [
        Defect(Damage.LENIENT, each.message, _at(proposals, each.proposal, each.keys), each.fix)
        for each in found.doubts
    ]
    notes = [_of_task(note, tasks, len(proposals.at)) for note in (*proposals.notes, *doubts)]
    return declaring.with_tasks(tasks, {}, notes)


def _of_task(note: Defect, tasks: Sequence[Task], depth: int) -> Defect:
    """`note` with the id of its task: the place says which proposal that is."""
    return msgspec.structs.replace(note, task_id=tasks[int(note.location.pointer[depth])].task_id)


def _new(app: App, declaring: Declaring, after: Backlog, proposals: Proposals) -> list[Finding]:
    """What every backlog rule has against `after` and not against what is there."""
    rules = backlog_rules()
    old, new = (judge(app.case(each, rules), rules) for each in (declaring.backlog, after))
    found = [_as_proposed(each, declaring, proposals) for each in fresh(old, new)]
    return _placed(app, found, proposals)


def _as_proposed(finding: Finding, declaring: Declaring, proposals: Proposals) -> Finding:
    """`finding`; in an entry that is not written yet, at its place among the proposals."""
    match finding.location:
        case Location(path, pointer=("tasks", int(at), *keys)) if path == declaring.manifest.name:
            if at >= declaring.entry_count:
                place = _at(proposals, at - declaring.entry_count, tuple(keys))
                return msgspec.structs.replace(finding, location=place)
    return finding


def _placed(app: App, findings: Sequence[Finding], proposals: Proposals) -> list[Finding]:
    pointers = {each.location.pointer for each in findings if each.location.path == proposals.name}
    places = locate(proposals.data, pointers)
    located = []
    for each in findings:
        where = each.location
        if where.path == proposals.name:
            where = Location(where.path, *places[where.pointer], pointer=where.pointer)
        located.append(msgspec.structs.replace(each, location=where))
    return app.placed(located)
