"""Takes the tasks of one transaction out of the backlog again."""

from collections.abc import Collection
from difflib import get_close_matches

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.app.imported_entries import ImportedEntries
from vtm.app.locking import held
from vtm.errors import ConflictError, WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import FileTask
from vtm.model.transaction import Transaction
from vtm.queries.ingested import RolledBack, rolled_back

_SHOWN = 5


def roll_back(app: App, transaction_id: str, *, apply: bool) -> RolledBack:
    """What taking back a transaction takes out; it is done if `apply` says so.

    Raises:
        WrongUsageError: There is no such transaction.
        ConflictError: Something depends on its tasks, or they were taken up, or are files now; or somebody
            else is writing.
        UnreadableError: There is no manifest whose text can be edited.
        ExternalError: The system refuses; nothing was changed.
    """
    if not apply:
        return _roll_back(app, transaction_id, apply=False)
    with held(app):
        return _roll_back(app, transaction_id, apply=True)


def _roll_back(app: App, transaction_id: str, *, apply: bool) -> RolledBack:
    declaring = Declaring.read(app)
    record = _named(transaction_id, declaring.text.transactions)
    _refuse_moved(declaring.backlog, record.tasks)
    there = declaring.text.positions(record.tasks)
    _refuse_ambiguous(there, declaring.manifest.name)
    _refuse_followers(declaring.backlog, there)
    entries = ImportedEntries.of(
        app, record, [each for each in there if each in declaring.backlog.state.tasks], held=apply
    )
    _refuse_begun(declaring.backlog, there, entries.untouched)
    positions = [at for found in there.values() for at in found]
    text = declaring.text.without_tasks(positions) if positions else declaring.text
    written = declaring.written(text.without_transaction(record.id))
    files = entries.write_without(declaring, written) if apply else None
    return rolled_back(
        record, [each for each in record.tasks if each not in there], written.manifest_hash, files
    )


def _named(name: str, known: list[Transaction]) -> Transaction:
    found = next((each for each in known if each.id == name), None)
    if found:
        return found
    ids = [each.id for each in known]
    near = get_close_matches(name, ids, _SHOWN, 0.8) or ids[-_SHOWN:]
    more = f" and {len(ids) - len(near)} more" if len(ids) > len(near) else ""
    fix = f"known are {', '.join(near)}{more}" if ids else "nothing was ingested, or all of it was taken back"
    raise WrongUsageError(f"there is no transaction {name}", code="UNKNOWN-TRANSACTION", fix=fix)


def _refuse_moved(backlog: Backlog, names: Collection[str]) -> None:
    """Let nothing pass that is a task file by now, be it in the manifest as well."""
    files = {
        task.task_id: backlog.at_position(at).path
        for at, task in enumerate(backlog.manifest.tasks)
        if isinstance(task, FileTask) and task.task_id in names
    }
    if files:
        which = [f"{name} is in {path}" for name, path in files.items()]
        raise ConflictError(
            f"it cannot be taken back, since what it added has become task files: {_listed(which)}",
            code="HAS-MOVED",
            path=next(iter(files.values())),
            fix="remove these files by hand, or run `vtm convert manifest --apply --remove` first",
        )


def _refuse_ambiguous(there: dict[str, list[int]], path: str) -> None:
    twice = [name for name, found in there.items() if len(found) > 1]
    if twice:
        raise ConflictError(
            f"{_listed(twice)} {_are(twice)} declared more than once; it is not clear what to take out",
            code="GAP::DUPLICATE-TASK-ID",
            path=path,
            fix="remove the declaration that should not be there",
        )


def _refuse_followers(backlog: Backlog, gone: Collection[str]) -> None:
    found = {
        task.task_id: each
        for task in backlog.manifest.tasks
        for each in task.depends_on_tasks
        if each in gone and task.task_id not in gone
    }
    if found:
        which = [f"{task} depends on {each}" for task, each in found.items()]
        raise ConflictError(
            f"it cannot be taken back: {_listed(which)}",
            code="HAS-FOLLOWERS",
            fix="remove these dependencies, or take back what added these tasks first",
        )


def _refuse_begun(backlog: Backlog, gone: Collection[str], untouched: Collection[str]) -> None:
    statuses = {name: backlog.status(name) for name in gone if name not in untouched}
    begun = [
        f"{name} is {status}" if status is not Status.PENDING else f"{name} has a history"
        for name, status in statuses.items()
        if status is not None and (status is not Status.PENDING or name in backlog.state.tasks)
    ]
    if begun:
        raise ConflictError(
            f"it cannot be taken back: {_listed(begun)}",
            code="HAS-BEGUN",
            fix="abandon what is not to be done any more, or reset it to pending first",
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
