"""The phases of a backlog: where the work is, what guards their borders, and who changed what."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from vtm.graph.scopes import covers
from vtm.model.backlog import Backlog
from vtm.model.phase_gate import Gated
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.phase_progress import Progress, is_over
from vtm.queries.pulse import Progress as Share
from vtm.queries.pulse import percent

_DOCUMENTS = (".md", ".rst", ".adoc", ".txt")
_TESTS = {"test", "tests", "spec", "__tests__"}


class ChangedFile(Struct, frozen=True):
    """A file that was changed for a task.

    Attributes:
        path: Relative to the root of the project.
        agent: Who worked at the task last; empty: nobody said.
        status: Of the task.
    """

    path: str
    agent: str
    task_id: str
    status: Status


class PhaseCard(Struct, frozen=True):
    """A phase, and how far it is.

    Attributes:
        tasks: How many have each status; those that none has are left out.
        before: The gate before its first task; `after` that after its last.
    """

    phase: str
    progress: Share
    tasks: dict[str, int]
    before: Gated
    after: Gated


class PhaseView(Struct, frozen=True, tag_field="schema", tag="vtm.phase/1"):
    """Where the work is.

    Attributes:
        current: That of the first task in progress, else of the next eligible one, else of the last one that
            was completed; empty: there are no tasks.
        completed: Phases of which nothing is left to do; `remaining` are all others but the current one.
        phases: All, in the order of the backlog; only the one that was asked about, where one was.
        shown: The phase whose files follow: the one that was asked about, else the current one.
        files: That were changed for its tasks, as git and reports of workers have it.
        tests: Those of them that are tests.
        documentation_updated: Whether documents are among them.
        last_checkpoint: The one that was made last; empty: there is none.
    """

    current: str
    completed: Sequence[str]
    remaining: Sequence[str]
    phases: Sequence[PhaseCard]
    shown: str
    files: Sequence[ChangedFile]
    tests: Sequence[str]
    documentation_updated: bool
    last_checkpoint: str = ""


def phase_card(backlog: Backlog, progress: Progress, before: Gated, after: Gated) -> PhaseCard:
    """A phase, and how far it is."""
    counts = dict.fromkeys(Status, 0)
    for task in progress.tasks:
        counts[backlog.status(task.task_id) or Status.PENDING] += 1
    done, total = counts[Status.COMPLETED], len(progress.tasks)
    shares = {status.value: count for status, count in counts.items() if count}
    return PhaseCard(progress.phase, Share(percent(done, total), done, total), shares, before, after)


def phase_view(
    backlog: Backlog,
    current: str,
    known: Sequence[Progress],
    cards: Sequence[PhaseCard],
    shown: Progress,
    files: Mapping[str, Sequence[str]],
    agents: Mapping[str, str],
    last_checkpoint: str,
) -> PhaseView:
    """The answer; `files` are those that were changed for a task, `agents` who worked at it last."""
    over = [each.phase for each in known if is_over(backlog, each.tasks) and each.phase != current]
    if any(each.phase == current and is_over(backlog, each.tasks) for each in known):
        over.append(current)
    changed = [
        ChangedFile(path, agents.get(task.task_id, ""), task.task_id, _status(backlog, task))
        for task in shown.tasks
        for path in files.get(task.task_id, ())
    ]
    paths = sorted({each.path for each in changed})
    listed = [test.partition(" (")[0] for task in shown.tasks for test in task.test_verification or ()]
    return PhaseView(
        current,
        [each.phase for each in known if each.phase in over],
        [each.phase for each in known if each.phase not in {*over, current}],
        cards,
        shown.phase,
        changed,
        [path for path in paths if covers(listed, path) or _is_test(path)],
        any(path.endswith(_DOCUMENTS) for path in paths),
        last_checkpoint,
    )


def _status(backlog: Backlog, task: Task) -> Status:
    return backlog.status(task.task_id) or Status.PENDING


def _is_test(path: str) -> bool:
    *folders, name = path.split("/")
    stem = name.partition(".")[0]
    return bool(_TESTS & {*folders}) or stem.startswith("test_") or stem.endswith("_test")
