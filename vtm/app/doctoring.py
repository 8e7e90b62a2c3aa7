"""Finds what is out of order in a project, and mends it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.examining_journal import examined_entries, examined_journal
from vtm.app.examining_leases import examined_leases, set_aside_before, shown
from vtm.app.finding_trouble import Found, found
from vtm.discovery import SETTINGS
from vtm.errors import UnreadableError
from vtm.model.finding import Damage
from vtm.queries.examined import Ailment, Examined, examined
from vtm.stores.leftovers import remove, temporary_files, temporary_folders, temporary_task_files
from vtm.stores.lock import LOCK
from vtm.stores.mending import MendingLedger

_LEFT_FOR = timedelta(hours=1)
"""What is made without the lock may be of a process that lives, unless it has lain there for so long."""


def doctor(app: App, *, fix: bool) -> tuple[Examined, Sequence[str]]:
    """What is out of order; it is mended if `fix` says so. And what could not follow it, in sentences.

    Raises:
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        ConflictError: Somebody else is writing.
        ExternalError: The system refuses.
    """
    bench = Bench(app)
    with bench.held(wanted=fix or (bench.files.runtime / LOCK).exists()):
        troubles, ledger = _looked_at(bench, held=fix)
        before = [each.trouble for each in troubles]
        notes = set_aside_before(bench)
        if not fix:
            return examined(before, before, notes), ()
        told = _mended(bench, troubles, ledger)
        after, _ = _looked_at(Bench(app.again(), bench.now), held=True)
        return examined(before, [each.trouble for each in after], set_aside_before(bench)), told


def _looked_at(bench: Bench, *, held: bool) -> tuple[list[Found], MendingLedger | None]:
    """Everything that is out of order, and the ledger to mend it; None: the journal cannot be read."""
    bench.backlog(bench.stored())
    troubles: list[Found] = []
    ledger = None
    try:
        written = bench.files.read()
    except UnreadableError as error:
        if error.code != Damage.CONFLICT_MARKERS.value:
            raise
        troubles.append(found(Ailment.CONFLICT_MARKERS, error.path, error.message, error.fix))
    else:
        ledger = bench.ledger(written, held=held)
        troubles += examined_journal(bench, written)
        troubles += examined_entries(bench, written, ledger)
    troubles += examined_leases(bench, ledger)
    troubles += _leftovers(bench)
    return troubles, ledger


def _mended(bench: Bench, troubles: Sequence[Found], ledger: MendingLedger | None) -> list[str]:
    for each in troubles:
        if each.mend is not None:
            each.mend()
    if ledger is not None and ledger.tidy(bench.now):
        return bench.told("doctor")
    return []


def _leftovers(bench: Bench) -> Iterator[Found]:
    paths = bench.app.settings.paths
    before = (bench.now - _LEFT_FOR).timestamp()
    for name in (paths.state, paths.journal, paths.manifest, SETTINGS):
        for path in temporary_files(bench.files.root / name, unlocked_before=before):
            yield _leftover(bench, path)
    for path in temporary_task_files(bench.files.root / paths.tasks, unlocked_before=before):
        yield _leftover(bench, path)
    for path in temporary_folders(bench.files.runtime, before):
        yield _leftover(bench, path)


def _leftover(bench: Bench, path: Path) -> Found:
    what = "a process that was writing left it behind"
    return found(Ailment.TEMPORARY, shown(bench, path), what, "it is removed", partial(remove, path))
