"""The commands with which a worker records what it does, as a shell takes them."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.settings import Settings
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.commit_message import commit_message, short_id
from vtm.queries.shell_words import call, word

WORKTREES = ".worktrees"
"""The folder of the repository in which each task has its worktree."""
NUMBER = "NUMBER"
"""Stands for how many tests passed, where no command is set that vtm could run."""


class Met(Struct, frozen=True):
    """For one criterion: the commit that meets it, and how that is recorded."""

    commit: str
    record: str


class Commands(Struct, frozen=True):
    """The commands of a worker, one line each.

    Attributes:
        epoch: That all of them carry.
        start: Takes the task up; empty: it is taken up.
        take: Takes it up in the name of a worker, whoever asks.
        worktree: Makes the worktree of its worker, with its branch.
        prompt: Prints the prompt of a worker in that worktree.
        heartbeat: Prolongs the lease; empty: there is none.
        block: Leaves the task; `give_up` also commits what is left in its worktree and tells the coordinator.
        diff: Shows which files the branch changed.
        branch: Makes its branch.
        criteria: For each criterion that is not met.
        complete: With the command that is set to run the tests, else with `NUMBER` to be replaced.
        runs_tests: Whether `complete` has vtm run the tests.
    """

    epoch: int
    start: str
    read: str
    branch: str
    criteria: Sequence[Met]
    note: str
    attempt: str
    heartbeat: str
    block: str
    give_up: str
    complete: str
    runs_tests: bool
    push: str
    diff: str
    handoff: str
    take: str
    worktree: str
    prompt: str
    why: str
    unblock: str


def commands(
    task: Task, state: TaskState, settings: Settings, branch: str, worker: str, audience: str
) -> Commands:
    """The commands for `task` as things stand; one that is not taken up gets the epoch that it will have."""
    name = task.task_id
    running = state.status is Status.IN_PROGRESS
    epoch = state.epoch if running else state.epoch + 1
    under = ("--epoch", str(epoch))
    met = set(state.acs_completed)
    agent = ("--agent", worker) if worker else ()
    return Commands(
        epoch=epoch,
        start="" if running else call("start", name, options=agent),
        read=call("read", name),
        branch=f"git switch -c {word(branch)}",
        criteria=[
            Met(f"git commit -m {word(commit_message(task, each))}", call("ac", name, each.id, options=under))
            for each in task.acceptance_criteria
            if each.id not in met
        ],
        note=call("note", name, "WHAT WHOEVER COMES NEXT MUST KNOW", options=under),
        attempt=call("attempt", name, options=(*under, "--failed", "WHAT FAILED")),
        heartbeat=call("heartbeat", name, options=under) if worker or (running and state.owner) else "",
        block=call("block", name, options=(*under, *_BLOCK)),
        give_up=call("notify", "WHAT WENT WRONG", options=("--task", name, *under, *_GIVE_UP)),
        complete=call("complete", name, options=(*under, *_evidence(task, settings))),
        runs_tests=bool(settings.gate.after),
        push=f"git push -u origin {word(branch)}",
        diff=f"git diff --stat {word(f'{_main(settings)}...HEAD')}",
        handoff=call("handoff", name, options=(*(under if running else ()), "--write", "FILE")),
        take=call("start", name, options=("--agent", worker or "WORKER")),
        worktree=call("worktree make", name),
        prompt=call("prompt", name, options=("--template", "implementation-specialist", "--for", audience)),
        why=call("why", name),
        unblock=call("unblock", name),
    )


_GIVE_UP = (
    *("--level", "blocking", "--wanted", "WHAT WAS WANTED"),
    *("--tried", "WHAT WAS TRIED", "--suggest", "WHAT MIGHT HELP"),
)
_BLOCK = ("--reason", "WHAT STANDS IN THE WAY", "--tried", "WHAT WAS TRIED", "--suggest", "WHAT MIGHT HELP")


def _main(settings: Settings) -> str:
    return settings.git.main[0] if settings.git.main else "HEAD"


def checking_command(settings: Settings) -> str:
    """The command line that is set to run after a task; empty: none is."""
    return " && ".join(settings.gate.after)


def _evidence(task: Task, settings: Settings) -> tuple[str, ...]:
    run = checking_command(settings)
    shown = ("--run", run) if run else ("--tests-passed", NUMBER)
    return (*shown, "--commit", "HEAD", *_covers(task))


def _covers(task: Task) -> tuple[str, ...]:
    """What covers each criterion, where the task lists one test and it can be nothing else."""
    tests = task.test_verification or ()
    if len(tests) != 1 or " " in tests[0]:
        return ()
    names = [short_id(task, each) for each in task.acceptance_criteria]
    return tuple(part for name in names if "=" not in name for part in ("--covers", f"{name}={tests[0]}"))
