"""Takes tasks of another tool into the backlog, all that can be read of them."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.declaring import Declaring
from vtm.app.exchange_files import format_of
from vtm.app.imported_entries import IMPORT
from vtm.errors import WrongUsageError
from vtm.exchange.carried import Carried, is_id
from vtm.exchange.format import gap_code, kept_key
from vtm.exchange.reading import File, Outcome, Reading
from vtm.model.finding import Finding, Severity
from vtm.model.transaction import Transaction
from vtm.queries.imported import Imported, ImportedTask, UnitProblem, by_rule, units, without_place
from vtm.queries.ingested import fresh
from vtm.rules.runner import backlog_rules, judge
from vtm.stores.mending import MendingLedger


class Wish(NamedTuple):
    """What a user wants to import.

    Attributes:
        format: Its name.
        path: Where it comes from, as the user says it.
        prefix: Put in front of each id.
        strict: Whether all of it must be read.
        apply: Whether it is written.
    """

    format: str
    path: str
    prefix: str = ""
    strict: bool = False
    apply: bool = False


def import_tasks(app: App, wish: Wish, files: Sequence[File]) -> tuple[Imported, Sequence[str]]:
    """Show what importing `files` adds to the backlog, and write it if that is wished and nothing clashes.

    The second part is what was found on the way, in sentences.

    Raises:
        UnreadableError: The files are of another format, or the backlog is damaged.
        WrongUsageError: There is no such format, or the prefix cannot begin an id.
        ConflictError: Somebody else is writing, or changed a file meanwhile.
        ExternalError: The system refuses; nothing was changed.
    """
    reading = format_of(wish.format).read(files)
    if wish.prefix and not is_id(wish.prefix):
        fix = "use letters, digits and signs"
        raise WrongUsageError("no id can begin with this prefix", code="WRONG-PREFIX", fix=fix)
    bench = Bench(app)
    with bench.held(wanted=wish.apply):
        declaring = Declaring.read_or_begin(app)
        tasks = _named(reading, wish)
        clashes = _clashes(declaring, tasks)
        answer = _answer(wish, reading, tasks, clashes)
        if clashes or not tasks:
            return answer, ()
        answer = _judged(app, declaring, tasks, answer)
        if not (wish.apply and answer.ok):
            return answer, ()
        return _write(bench, declaring, tasks, answer)


def _named(reading: Reading, wish: Wish) -> list[Carried]:
    """The tasks under their ids, each with the reason why it has no spec."""
    ids = frozenset(each.task.task_id for each in reading.tasks)
    named = (each.prefixed(wish.prefix, ids) if wish.prefix else each for each in reading.tasks)
    return [each.with_gap(gap_code(wish.format)) for each in named]


def _clashes(declaring: Declaring, tasks: Sequence[Carried]) -> list[str]:
    """Ids that a task or a state entry has already."""
    ids = [each.task.task_id for each in tasks]
    there = declaring.text.positions(set(ids))
    backlog = declaring.backlog
    return [each for each in ids if each in there or each in backlog or each in backlog.state.tasks]


def _answer(wish: Wish, reading: Reading, tasks: Sequence[Carried], clashes: Sequence[str]) -> Imported:
    problems = [
        UnitProblem(each.number, each.name, each.outcome, each.task_id, each.reason, each.line, each.column)
        for each in reading.units
        if each.outcome is not Outcome.READ
    ]
    numbers = [each.number for each in reading.units if each.task_id]
    shown = [_shown(number, each) for number, each in zip(numbers, tasks, strict=True)]
    return Imported(
        ok=bool(tasks) and not clashes and not (wish.strict and problems),
        applied=False,
        format=wish.format,
        path=wish.path,
        transaction="",
        manifest_hash="",
        files=(),
        unit=format_of(wish.format).unit,
        units=units(problems, len(reading.units)),
        problems=problems,
        fields=without_place(shown),
        kept_as=kept_key(wish.format),
        clashes=clashes,
        tasks=shown,
        total=len(shown),
        returned=len(shown),
        truncated=False,
        findings=(),
        errors=0,
        warnings=0,
    )


def _shown(number: int, task: Carried) -> ImportedTask:
    return ImportedTask(
        number,
        task.task.task_id,
        task.task.title,
        task.state.status,
        task.task.risk,
        task.task.depends_on_tasks,
        len(task.checks),
        sum(each.met for each in task.checks),
        tuple(name for name in task.kept if not name.startswith("vtm:")),
    )


def _judged(app: App, declaring: Declaring, tasks: Sequence[Carried], answer: Imported) -> Imported:
    """`answer` with what every backlog rule has against the backlog with the tasks, and not without them."""
    states = {each.task.task_id: each.state for each in tasks}
    after = declaring.with_tasks([each.task for each in tasks], states)
    rules = backlog_rules()
    old, new = (judge(app.case(each, rules), rules) for each in (declaring.backlog, after))
    found: list[Finding] = fresh(old, new)
    errors = sum(each.severity is Severity.ERROR for each in found)
    return replace(answer, findings=by_rule(found), errors=errors, warnings=len(found) - errors)


def _write(
    bench: Bench, declaring: Declaring, tasks: Sequence[Carried], answer: Imported
) -> tuple[Imported, Sequence[str]]:
    ids = tuple(each.task.task_id for each in tasks)
    record = declaring.transaction(bench.app, ids, IMPORT)
    entries = [each.entry(answer.kept_as) for each in tasks]
    written = declaring.written(declaring.text.with_tasks(entries).with_transaction(record))
    ledger = _ledger(bench, tasks, written.manifest_hash)
    files = declaring.write_with(ledger, written, bench.now)
    return _applied(answer, record, written.manifest_hash, files), [*ledger.notices, *bench.told("import")]


def _ledger(bench: Bench, tasks: Sequence[Carried], manifest_hash: str) -> MendingLedger:
    """State and journal with what is known of the tasks, not written yet."""
    bench.files.tidy()
    bench.now = bench.runtime.clock(bench.now)
    declared = {each.task.task_id: each.task for each in tasks} | dict(bench.tasks)
    reads = bench.reads._replace(task=declared.get, manifest_hash=lambda: manifest_hash)
    ledger = MendingLedger(bench.files.read(), reads)
    for each in tasks:
        ledger.settle(each.task.task_id, bench.now)
        ledger.adopt(each.task.task_id, each.state, bench.now)
    return ledger


def _applied(answer: Imported, record: Transaction, manifest_hash: str, files: Sequence[str]) -> Imported:
    return replace(answer, applied=True, transaction=record.id, manifest_hash=manifest_hash, files=files)
