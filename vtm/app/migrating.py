"""Writes an older state file in the present form."""

from collections.abc import Collection, Sequence
from itertools import starmap
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.bench import Bench, damaged
from vtm.model.recorded_hash import respelled
from vtm.model.replacement import Replacement
from vtm.model.state import State
from vtm.ports.reading import Recorded
from vtm.queries.migrated import Migrated, MigratedField, UnreadableEntry
from vtm.sources.decoder import BOM, MalformedError, parse
from vtm.sources.older_state import replacements
from vtm.stores.files import Written
from vtm.stores.rearranging import keyed, replaced

_FIRST_OF_ALL = Recorded(State())


class _Newer(NamedTuple):
    """A state file in the present form, and what is different in it."""

    data: bytes
    changes: list[MigratedField]


def migrate(app: App, *, apply: bool) -> tuple[Migrated, Sequence[str]]:
    """What is written in an older form, put into the present one if `apply` says so.

    The second part is what was found on the way, in sentences.

    Raises:
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        ConflictError: Somebody else is writing, or the journal is foreign.
        ExternalError: The system refuses; nothing was changed.
    """
    bench = Bench(app)
    with bench.held(wanted=apply):
        bench.backlog(_FIRST_OF_ALL)
        written = bench.files.read()
        if written.state is None:
            return Migrated(apply, (), ()), ()
        newer = _newer(bench, written.state)
        recorded = bench.recorded(newer.data)
        bench.backlog(recorded)
        unreadable = damaged(recorded)
        newer = _newer(bench, written.state, left_alone=unreadable)
        answer = Migrated(apply, newer.changes, list(starmap(UnreadableEntry, unreadable.items())))
        if not apply or not newer.changes:
            return answer, ()
        return answer, _write(bench, written._replace(state=newer.data), newer.changes)


def _newer(bench: Bench, data: bytes, left_alone: Collection[str] = ()) -> _Newer:
    name = bench.files.state
    changes: list[MigratedField] = []
    try:
        document = parse(data)
    except MalformedError:
        return _Newer(data, [])
    if data.startswith(BOM):
        changes.append(MigratedField("", "byte order mark", "\ufeff", ""))
    if isinstance(document, dict) and isinstance(document.get("tasks"), list):
        count = len(document["tasks"])
        changes.append(MigratedField("", "tasks", f"a list of {count}", f"an object of {count}"))
        data = keyed(data, name)
        document = parse(data)
    if not isinstance(document, dict) or not isinstance(document.get("tasks"), dict | None):
        return _Newer(data, [])
    found = replacements(document, bench.tasks, lambda recorded: _respelled(bench, recorded))
    kept = [each for each in found if len(each.pointer) == 1 or each.pointer[1] not in left_alone]
    return _replaced(data, name, changes, kept)


def _respelled(bench: Bench, recorded: str) -> str:
    declared = bench.declared.manifest.manifest_hash if bench.declared.manifest else ""
    return respelled(recorded, declared, bench.hashes)


def _replaced(
    data: bytes, name: str, changes: Sequence[MigratedField], found: Sequence[Replacement]
) -> _Newer:
    told = list(changes)
    for each in found:
        inside = len(each.pointer) > 1
        task_id, field = (str(each.pointer[1]), each.pointer[2:]) if inside else ("", each.pointer)
        told.append(MigratedField(task_id, ".".join(map(str, field)), each.before, each.after))
    values = {each.pointer: each.after for each in found}
    return _Newer(replaced(data, name, values) if values else data, told)


def _write(bench: Bench, written: Written, changes: Sequence[MigratedField]) -> list[str]:
    bench.now = bench.runtime.clock(bench.now)
    ledger = bench.ledger(written, held=True)
    for task_id in dict.fromkeys(each.task_id for each in changes if each.task_id):
        ledger.settle(task_id, bench.now)
    ledger.save(bench.now)
    return [*ledger.notices, *bench.told("migrate")]
