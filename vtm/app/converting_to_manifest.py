"""Takes task files into the manifest."""

from typing import Any, NamedTuple

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.declaring import Declaring
from vtm.errors import UnreadableError, VtmError
from vtm.model.own_file import overlaid
from vtm.model.state import TaskState
from vtm.queries.converted import ConvertedTask, Inconvertible
from vtm.sources.markdown_task import read_task
from vtm.sources.markdown_text import parts
from vtm.sources.task_files import list_files
from vtm.sources.task_places import NotConvertibleError, same
from vtm.sources.task_to_entry import Converted, as_entry
from vtm.stores.many_files import removed
from vtm.stores.watched import Watched


class ManifestPlan(NamedTuple):
    """The entries to be; nothing is written while there are problems.

    Attributes:
        sources: The files that the entries come from.
        converted: Those that the manifest does not have yet.
    """

    declaring: Declaring
    sources: list[Watched]
    converted: list[Converted]
    tasks: list[ConvertedTask]
    problems: list[Inconvertible]


def plan_entries(app: App) -> ManifestPlan:
    """What the task files are as entries.

    Raises:
        UnreadableError: There is no backlog, or the manifest, or the state, is damaged as a whole.
    """
    root, paths = app.project.root, app.settings.paths
    declaring = Declaring.read_beside_files(app)
    manifest = declaring.manifest
    found = ManifestPlan(declaring, [], [], [], [])
    listed = list_files(root, paths.tasks)
    found.problems.extend(Inconvertible(each.location.path, "", each.message) for each in listed.defects)
    read = [each for name in listed.files if (each := _read(app, name, found.problems))]
    read.sort(key=lambda each: (each[1].position is None, each[1].position or 0))
    present = _entries(declaring, {each.task.task_id for _, each in read})
    known: dict[str, str] = {}
    for file, entry in read:
        name = entry.task.task_id
        there = present.get(name, [])
        if name in known or any(not same(each, entry.entry) for each in there):
            where = known.get(name, manifest.name)
            found.problems.append(Inconvertible(file.name, name, f"is declared in {where} too"))
        known[name] = file.name
        found.sources.append(file)
        if not there:
            found.converted.append(entry)
        found.tasks.append(ConvertedTask(name, file.name, manifest.name))
    return found


def _entries(declaring: Declaring, task_ids: set[str]) -> dict[str, list[Any]]:
    """What the manifest has under these ids."""
    entries = declaring.text.document["tasks"]
    return {
        name: [entries[at] for at in places] for name, places in declaring.text.positions(task_ids).items()
    }


def write_entries(app: App, plan: ManifestPlan, *, remove: bool) -> tuple[list[str], list[str]]:
    """Write the entries, and remove the files if `remove` says so; what is written and removed.

    Raises:
        ConflictError: Somebody else changed a file meanwhile; nothing was changed.
        ExternalError: The system refuses; unless it says more, nothing was changed.
    """
    for each in plan.sources:
        each.refuse_change()
    files = _written(app, plan) if plan.converted else []
    gone = removed(app.project.root, plan.sources) if remove else []
    return files, gone


def _written(app: App, plan: ManifestPlan) -> list[str]:
    """Write the entries, and what the files say of their progress; the names of what changed."""
    entries = [each.entry for each in plan.converted]
    declaring = plan.declaring
    text = declaring.text.with_tasks(entries)
    written = text.document["tasks"]
    if not same(written[len(written) - len(entries) :], entries):
        raise AssertionError("the entries that were written are others")
    files = declaring.write(declaring.written_beside_its_head(text))
    try:
        files += _keep_progress(app, plan)
    except VtmError:
        declaring.manifest.put_back()
        if declaring.state.name in files:
            declaring.state.put_back()
        raise
    return list(dict.fromkeys(files))


def _read(app: App, name: str, problems: list[Inconvertible]) -> tuple[Watched, Converted] | None:
    """A task file; None where it is none, or cannot be converted, which goes to `problems`."""
    try:
        file = Watched.read(app.project.root, name)
        if parts(file.data) is None and not read_task(name, file.data).defects:
            return None
        return file, as_entry(name, file.data, app.settings.paths.tasks)
    except UnreadableError as error:
        problems.append(Inconvertible(name, "", error.message))
    except NotConvertibleError as error:
        problems.append(Inconvertible(name, "", str(error)))
    return None


def _keep_progress(app: App, plan: ManifestPlan) -> list[str]:
    """Write what the files say and the state does not, the journal included; the names of what changed."""
    bench = Bench(app)
    ledger = bench.ledger(bench.files.read(), held=True)
    recorded = ledger.recorded.state
    known = recorded.tasks if recorded else {}
    changed: dict[str, TaskState] = {}
    for each in plan.converted:
        before = known.get(each.task.task_id)
        after = overlaid(each.task, before)
        if after is not None and after != before:
            changed[each.task.task_id] = after
    if not changed:
        return []
    for task_id, state in changed.items():
        ledger.adopt(task_id, state, bench.now)
    ledger.save(bench.now)
    return [bench.files.state, bench.files.journal]
