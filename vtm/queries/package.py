"""Everything that whoever does one task must know, put together from what is known of it."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.grades import graded
from vtm.model.settings import Settings
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.commands import WORKTREES, Commands, commands
from vtm.queries.commit_message import branch_of, commit_message, pull_request_title, short_id
from vtm.queries.next_task import TDD, Tdd
from vtm.queries.past import History, history
from vtm.queries.worker_report import example

UNKNOWN = "unknown"


class Reference(Struct, frozen=True):
    """A document that a task refers to.

    Attributes:
        kind: `spec`, `decision` or `guide`.
        name: As declared.
        path: Full, from the root of the checkout; empty where there is none.
        sha256: Of its bytes, in hex; empty where it cannot be read.
        size: In bytes.
        problem: Why it cannot be read, to stand behind its name; empty: it can.
    """

    kind: str
    name: str
    path: str = ""
    sha256: str = ""
    size: int = 0
    problem: str = ""


class ListedTest(Struct, frozen=True):
    """A test that a task lists: as declared, its path, and what is wrong with that (empty: nothing)."""

    name: str
    path: str
    problem: str


class Step(Struct, frozen=True):
    """A criterion: `short` is the shortest end of its id that tells it apart, `commit` its commit message."""

    id: str
    text: str
    met: bool
    short: str
    commit: str


class Neighbour(Struct, frozen=True):
    """A task that another one waits for, or that waits for it; `obstacle` says why it is blocked.

    Attributes:
        status: With `, waived` behind it where it need not be waited for.
    """

    id: str
    title: str
    status: str
    obstacle: str = ""


class Around(Struct, frozen=True):
    """What of the world a package must know.

    Attributes:
        agent: The agent type that is to write tests first.
        worker: The name under which the worker takes up the task; empty: it has none.
        audience: A key of `AUDIENCES`.
        branch: That was made for the task; empty: none was.
    """

    references: Sequence[Reference] = ()
    tests: Sequence[ListedTest] = ()
    agent: str = ""
    worker: str = ""
    audience: str = "plain"
    branch: str = ""


class Package(Struct, frozen=True):
    """Everything that whoever does one task must know.

    Attributes:
        minutes: That a task of its size takes, as set.
        branch: Where its commits go.
        worktree: Folder of its worktree, from the root of the main one.
        pull_request: Title of its pull request.
        needs: What it depends on.
        waiting: What depends on it.
        report: Example of the report to hand back, JSON.
    """

    id: str
    title: str
    description: str
    risk: str
    size: str
    minutes: int
    phase: str
    slice: str
    provisional: bool
    scope: Sequence[str]
    conflicts: Sequence[str]
    tdd: Tdd
    agent: str
    criteria: Sequence[Step]
    references: Sequence[Reference]
    tests: Sequence[ListedTest]
    needs: Sequence[Neighbour]
    waiting: Sequence[Neighbour]
    history: History
    branch: str
    worktree: str
    pull_request: str
    commands: Commands
    report: str


def package(
    backlog: Backlog,
    task: Task,
    settings: Settings,
    around: Around,
    dependents: Mapping[str, Sequence[Task]],
) -> Package:
    """The package of `task`; `dependents` is from `vtm.graph.lookup`."""
    state = backlog.state_of(task)
    size = graded(task).size
    minutes = getattr(settings.estimate, size.value)
    branch = around.branch or branch_of(task.task_id)
    return Package(
        id=task.task_id,
        title=task.title,
        description=task.description,
        risk=task.risk.value,
        size=size.value,
        minutes=minutes,
        phase=task.phase,
        slice=task.slice,
        provisional=task.provisional,
        scope=task.file_scope,
        conflicts=task.conflicts_with or (),
        tdd=TDD[task.risk],
        agent=around.agent,
        criteria=_steps(task, state),
        references=around.references,
        tests=around.tests,
        needs=[_neighbour(backlog, each, state.waived) for each in dict.fromkeys(task.depends_on_tasks)],
        waiting=[_neighbour(backlog, each.task_id) for each in dependents.get(task.task_id, ())],
        history=history(state),
        branch=branch,
        worktree=f"{WORKTREES}/{branch}",
        pull_request=pull_request_title(task),
        commands=commands(task, state, settings, branch, around.worker, around.audience),
        report=example(task, state, settings, minutes, [each.path for each in around.tests if each.path]),
    )


def _steps(task: Task, state: TaskState) -> list[Step]:
    met = set(state.acs_completed)
    return [
        Step(each.id, each.text, each.id in met, short_id(task, each), commit_message(task, each))
        for each in task.acceptance_criteria
    ]


def _neighbour(backlog: Backlog, name: str, waived: Collection[str] = ()) -> Neighbour:
    mark = ", waived" if name in waived else ""
    if name not in backlog:
        return Neighbour(name, "", UNKNOWN + mark)
    task = backlog[name]
    state = backlog.state_of(task)
    obstacle = state.obstacle if state.status is Status.BLOCKED else ""
    return Neighbour(name, task.title, state.status.value + mark, obstacle)
