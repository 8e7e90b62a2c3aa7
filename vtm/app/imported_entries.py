"""State entries that came in with an import, and go with it if nothing has happened to them since."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.declaring import Declaring, Written
from vtm.model.event import Kind
from vtm.model.standing import Standing, standing
from vtm.model.transaction import Transaction
from vtm.stores.mending import MendingLedger

IMPORT = "import"
"""What the ids of transactions of imports begin with."""

_REASON = "the import was taken back"


class ImportedEntries(NamedTuple):
    """The entries of the tasks of one transaction.

    Attributes:
        untouched: Tasks to which nothing has happened but that they were imported by it.
        ledger: Where these entries are; None: there are none.
    """

    bench: Bench
    untouched: Sequence[str]
    ledger: MendingLedger | None

    @classmethod
    def of(cls, app: App, record: Transaction, names: Sequence[str], *, held: bool) -> Self:
        """Those of the tasks with these names, which have an entry; `held`: they may be written."""
        bench = Bench(app)
        if not names or not record.id.startswith(f"{IMPORT}-"):
            return cls(bench, (), None)
        ledger = bench.ledger(bench.files.read(), held=held)
        untouched = [each for each in names if _is_untouched(ledger, record, each)]
        return cls(bench, untouched, ledger if untouched else None)

    def write_without(self, declaring: Declaring, written: Written) -> list[str]:
        """Write what is left; entries that came in are set aside. The names of the files that changed.

        Raises:
            ConflictError: Somebody who holds no lock changed one of them; nothing was written.
            ExternalError: The system refuses; all are as they were.
        """
        if self.ledger is None:
            return declaring.write(written)
        now = self.bench.runtime.clock(self.bench.now)
        for each in self.untouched:
            self.ledger.set_aside(each, _REASON, now)
        return declaring.write_with(self.ledger, written, now)


def _is_untouched(ledger: MendingLedger, record: Transaction, name: str) -> bool:
    """Whether the one event since the transaction is an import, and the entry is what it says."""
    events = ledger.history(name)
    since = [each for each in events if each.at >= record.at]
    entry = ledger.recorded.state.tasks.get(name) if ledger.recorded.state else None
    return (
        [each.event for each in since] == [Kind.IMPORT]
        and entry is not None
        and standing(entry, events) is Standing.SAME
    )
