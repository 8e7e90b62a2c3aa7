"""Brings a state together with a manifest that has changed."""

from collections.abc import Collection, Sequence

from vtm.app.app import App
from vtm.app.bench import Bench, damaged
from vtm.errors import ConflictError, UnreadableError
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage
from vtm.model.lease import Lease
from vtm.model.own_file import has_file
from vtm.model.reconciling import Notes, Plan, plan
from vtm.model.recorded_hash import reconciled as reconciled_hash
from vtm.model.state import State
from vtm.queries.reconciled import Reconciled, reconciled
from vtm.stores.mending import MendingLedger

_GONE = "the manifest does not declare it any more"


def reconcile(app: App, *, apply: bool) -> tuple[Reconciled, Sequence[str]]:
    """What differs, brought together if `apply` says so; and what was found on the way, in sentences.

    Raises:
        UnreadableError: There is no backlog, or one of its files cannot be read well enough.
        ConflictError: Somebody holds a task that would change, or is writing; or the journal is foreign.
        ExternalError: The system refuses; nothing was changed.
    """
    bench = Bench(app)
    with bench.held(wanted=apply):
        return _reconcile(bench, apply=apply)


def _reconcile(bench: Bench, *, apply: bool) -> tuple[Reconciled, Sequence[str]]:
    written = bench.files.read()
    bench.backlog(bench.recorded(written.state))
    _refuse_unknown(bench)
    if apply:
        bench.now = bench.runtime.clock(bench.now)
    ledger = bench.ledger(written, held=apply)
    backlog = bench.backlog(ledger.recorded)
    found = _settled(bench, ledger, backlog)
    _refuse_unread(bench, found.gone)
    leases = bench.live(ledger, backlog)
    held = [leases[each] for each in found.touched if each in leases]
    recorded = manifest_hash = backlog.state.manifest_hash
    if written.state is not None:
        manifest_hash = reconciled_hash(recorded, backlog.manifest.manifest_hash, bench.hashes)
    unreadable = {**damaged(ledger.recorded), **damaged(ledger.orphans)}.keys() - set(found.gone)
    names = [each.task for each in held]
    answer = reconciled(found, backlog.state, manifest_hash, sorted(unreadable), names, applied=apply)
    if not apply:
        return answer, ()
    _refuse_held(held)
    if not answer.changes:
        return answer, ()
    _save(bench, ledger, found, manifest_hash)
    return answer, [*ledger.notices, *bench.told("reconcile")]


def _refuse_unknown(bench: Bench) -> None:
    """Let no manifest pass in which a task cannot be told: its entry would seem left over.

    Raises:
        UnreadableError: There is such a task.
    """
    for defect in bench.declared.defects:
        where = defect.location
        if defect.damage is Damage.SCHEMA and not defect.task_id and where.pointer[:1] == ("tasks",):
            raise UnreadableError(
                f"{where.path}: it cannot be told which task entry {where.pointer[1]} of `tasks` is",
                code=defect.damage.value,
                path=where.path,
                fix=f"correct it: {defect.message}; `vtm validate` shows where it is",
            )


def _refuse_unread(bench: Bench, gone: Collection[str]) -> None:
    """Let no entry go while a task file cannot be read: it may be its task's.

    Raises:
        UnreadableError: There is such a file, and an entry that would go.
    """
    manifest = bench.app.settings.paths.manifest
    for defect in bench.declared.defects if gone else ():
        lost = defect.damage is not Damage.LENIENT and not defect.task_id
        if lost and defect.location.path != manifest:
            name = defect.location.path
            raise UnreadableError(
                f"{name} cannot be read, and may be the task of an entry that would go: {min(gone)}",
                code=defect.damage.value,
                path=name,
                line=defect.location.line or 1,
                column=defect.location.column or 1,
                fix=f"{defect.fix}; `vtm validate` says what is wrong with it",
            )


def _settled(bench: Bench, ledger: MendingLedger, backlog: Backlog) -> Plan:
    """The plan, once the entries that it touches and their journal have been brought together."""
    unreadable = damaged(ledger.orphans)
    orphans = (ledger.orphans.state or State()).tasks
    notes = Notes(
        {each: entry for each, entry in orphans.items() if each not in unreadable},
        ledger.telling_what_is_left,
        damaged(ledger.recorded).keys(),
    )
    while True:
        found = plan(backlog, notes)
        entries = (ledger.recorded.state or State()).tasks
        before = dict(entries)
        for each in found.touched:
            if each not in found.back or not has_file(backlog[each]):  # what its file says comes with it
                ledger.settle(each, bench.now)
        if before == entries:
            return found
        backlog = bench.backlog(ledger.recorded)


def _refuse_held(leases: Sequence[Lease]) -> None:
    if leases:
        named = [
            f"{each.owner} holds {each.task} until {each.expires_at:%Y-%m-%dT%H:%M:%SZ}" for each in leases
        ]
        raise ConflictError(
            f"entries would change whose tasks are held: {'; '.join(named)}",
            code=f"BLOCKED::LEASE-HELD::{leases[0].task}",
            fix="let their holders finish or release them, or wait until the leases are over",
        )


def _save(bench: Bench, ledger: MendingLedger, found: Plan, manifest_hash: str) -> None:
    for each in found.gone:
        ledger.set_aside(each, _GONE, bench.now)
    for task_id, entry in found.entries.items():
        if task_id in found.back:
            ledger.take_back(task_id, entry, bench.now)
        else:
            ledger.adopt(task_id, entry, bench.now)
    for left in found.remaining:
        ledger.refresh(left.task_id, left.after)
    ledger.save(bench.now, manifest_hash)
