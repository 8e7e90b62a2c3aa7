"""Adds one task, to the manifest or as a file of its own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.app.judging import brought, with_task
from vtm.app.locking import held
from vtm.app.opened import Opened
from vtm.app.wanted import Wanted, known, refuse_known, refuse_no_id
from vtm.errors import UnreadableError, WrongUsageError
from vtm.model.finding import Damage, Finding, Location
from vtm.model.proposal import resolved
from vtm.model.state import UNTOUCHED
from vtm.model.task import FileTask, Task
from vtm.queries.added import Added, Form, added, breaks_structure
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.markdown_task import read_task
from vtm.sources.proposals import task_of
from vtm.sources.task_from_entry import Extras, draft
from vtm.sources.task_names import file_of
from vtm.stores.new_file import create


class _Place(NamedTuple):
    """Where a new task stands, and what stands there."""

    form: Form
    at: Location
    text: str


def add(app: App, wanted: Wanted, *, to: Form | None, apply: bool) -> Added:
    """Judge the backlog with the task in it, and write it if `apply` says so and the structure stays sound.

    Raises:
        WrongUsageError: The id is none, is taken, or cannot be the name of a file.
        UnreadableError: A file is damaged as a whole, or there is a manifest whose text cannot be edited.
        NotCreatedError: The system refuses to create the file.
        ConflictError: Somebody else is writing, or changed a file meanwhile.
        ExternalError: The system refuses; nothing was changed.
    """
    refuse_no_id(wanted.task_id)
    if not apply:
        return _add(app, wanted, to, apply=False)
    with held(app):
        return _add(app, wanted, to, apply=True)


def _add(app: App, wanted: Wanted, to: Form | None, *, apply: bool) -> Added:
    opened = Opened.read(app.project, app.settings.paths, thorough=False)
    if (to or _usual_form(app, opened)) == "manifest":
        return _to_manifest(app, wanted, apply=apply)
    return _to_markdown(app, wanted, opened, apply=apply)


def _usual_form(app: App, opened: Opened) -> Form:
    """The form of the tasks that are there; Markdown where there are none and no manifest either."""
    if not (app.project.root / opened.manifest_path).exists():
        return "markdown"
    tasks = opened.declared.manifest.tasks if opened.declared.manifest else ()
    return "markdown" if tasks and all(isinstance(each, FileTask) for each in tasks) else "manifest"


def _to_manifest(app: App, wanted: Wanted, *, apply: bool) -> Added:
    declaring = Declaring.read_or_begin(app)
    refuse_known(wanted.task_id, declaring.backlog)
    if declaring.text.positions({wanted.task_id}):
        raise known(wanted.task_id, declaring.manifest.name)
    entry = resolved([wanted.entry], declaring.backlog).entries[0]
    place = declaring.backlog.at_manifest("tasks", declaring.entry_count)
    findings = brought(app, declaring.backlog, with_task(declaring.backlog, _task(entry), place))
    files: Sequence[str] = ()
    if apply and not breaks_structure(findings):
        files = declaring.write(declaring.written(declaring.text.with_tasks([entry])))
    text = msgspec.json.format(msgspec.json.encode(entry), indent=2).decode()
    return _answer(app, wanted, _Place("manifest", place, text), findings, files)


def _to_markdown(app: App, wanted: Wanted, opened: Opened, *, apply: bool) -> Added:
    opened.refuse_damage()
    backlog = opened.rest()
    refuse_known(wanted.task_id, backlog)
    name = file_of(opened.task_folder, wanted.task_id)
    data = draft(wanted.entry_of_file, Extras(title=wanted.title_key), UNTOUCHED)
    place = Location(name)
    findings = brought(app, backlog, with_task(backlog, _file_task(name, data), place))
    taken = known(wanted.task_id, name)
    if (app.project.root / name).exists():
        raise taken
    files: Sequence[str] = ()
    if apply and not breaks_structure(findings):
        if not create(app.project.root, name, data):
            raise taken
        files = (name,)
    return _answer(app, wanted, _Place("markdown", place, data.decode()), findings, files)


def _answer(
    app: App, wanted: Wanted, place: _Place, findings: Sequence[Finding], files: Sequence[str]
) -> Added:
    where = place.at
    if not files:
        findings = [_unplaced(each, where) for each in findings]
    return added(
        wanted.task_id, wanted.title, place.form, where.path, place.text, files, app.placed(findings)
    )


def _task(entry: dict[str, Any]) -> Task:
    """The task that an entry declares; made of values that were checked, it declares one."""
    task = task_of(entry)
    if isinstance(task, Task):
        return task
    raise WrongUsageError(
        task[0][1], code="USAGE", fix="`vtm schema virtual-task-manifest` shows what may be"
    )


def _file_task(name: str, data: bytes) -> FileTask:
    """The task that a file declares.

    Raises:
        WrongUsageError: It could not be read, or not be edited, as it is meant.
    """
    fix = "say it in fewer words"
    try:
        FrontMatterText.read(data, name)
    except UnreadableError as error:
        raise WrongUsageError(error.message, code="USAGE", path=name, fix=fix) from None
    task, defects = read_task(name, data)
    broken = [each for each in defects if each.damage is not Damage.LENIENT]
    if task is None or broken:
        what = broken[0].message.removeprefix(f"{name} ") if broken else "is no task"
        message = f"{name} could not be read as a task: it {what}"
        raise WrongUsageError(message, code="USAGE", path=name, fix=fix)
    return task


def _unplaced(finding: Finding, place: Location) -> Finding:
    """`finding`; in a task that is not written, only with the file that it would stand in."""
    where = finding.location
    inside = where.path == place.path and where.pointer[: len(place.pointer)] == place.pointer
    return msgspec.structs.replace(finding, location=Location(where.path)) if inside else finding
