"""What a ledger is told of the project that it belongs to."""

from collections.abc import Callable
from typing import NamedTuple

from vtm.model.state import TaskState
from vtm.model.task import FileTask, Task
from vtm.ports.reading import Recorded
from vtm.stores.watched import Edit


class Reads(NamedTuple):
    """How to read what a ledger does not know itself.

    Attributes:
        state: What is recorded in the bytes of a state file.
        task: The task with this id; None where nobody declares it.
        edit: What the file of a task is to hold for it to be in a state; None: it says so already.
        reread: Read anew what is declared: a file was edited.
        manifest_hash: The canonical hash of the manifest that is there now.
    """

    state: Callable[[bytes], Recorded]
    task: Callable[[str], Task | None]
    manifest_hash: Callable[[], str]
    edit: Callable[[FileTask, TaskState], Edit | None]
    reread: Callable[[], None]
