"""Whether work that is said to be done is: looked at before anybody takes it."""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.engine.running.handed import Done, Ran
from vtm.engine.running.hands import Hands
from vtm.graph.scopes import covers, touched
from vtm.model.session import Session
from vtm.model.state import Evidence
from vtm.model.task import Task
from vtm.rules.wording import listed

_SHOWN = 5


class Flaw(NamedTuple):
    """What is wrong with work that is said to be done: a code, and what whoever did it has to know."""

    code: str
    text: str


class Verified(NamedTuple):
    """What was found out of work.

    Attributes:
        flaw: The first thing that is wrong; None: nothing is.
        evidence: What shows that it is right, where anything was run.
        done: What was looked at.
    """

    flaw: Flaw | None
    done: Done
    evidence: Evidence | None = None


def verified(hands: Hands, task: Task, session: Session) -> Verified:
    """Look at what was done for `task` in the worktree of a session, the cheap things first."""
    done = hands.done(session)
    flaw = _in_git(done, session) or _in_scope(task, done)
    if flaw is not None:
        return Verified(flaw, done)
    gate = hands.settings.gate
    evidence: Evidence | None = None
    for command in gate.after:
        ran = hands.run(command, session)
        if ran.exit_code:
            return Verified(_red("CHECK-FAILED", command, ran), done)
        evidence = Evidence(command=command, exit_code=0, digest=ran.digest, commit=done.commit)
    for command in gate.review:
        ran = hands.run(command, session)
        if ran.exit_code:
            return Verified(_red("REVIEW-NOT-GREEN", command, ran), done)
    if evidence is not None:
        evidence = replace(evidence, command=" && ".join(gate.after))
    return Verified(None, done, evidence)


def _in_git(done: Done, session: Session) -> Flaw | None:
    if done.uncommitted:
        return Flaw(
            "UNCOMMITTED-WORK",
            f"{_named(done.uncommitted)} not committed: commit what belongs to the task, and remove the rest",
        )
    if done.commit == session.base:
        return Flaw("NO-COMMIT", f"nothing was committed on {session.branch}")
    return None


def _in_scope(task: Task, done: Done) -> Flaw | None:
    if not task.file_scope:
        return None
    scope = list(touched(task))
    outside = [path for path in done.changed if path.startswith("../") or not covers(scope, path)]
    if not outside:
        return None
    inside = f"the file scope of {task.task_id} is {', '.join(task.file_scope)}"
    return Flaw("SCOPE-ESCAPE", f"{_named(outside)} outside the file scope: take that back; {inside}")


def _named(paths: Sequence[str]) -> str:
    """Paths with the verb that follows them."""
    names = [shlex.quote(each) for each in paths[:_SHOWN]]
    return f"{listed(names, len(paths))} {'is' if len(paths) == 1 else 'are'}"


def _red(code: str, command: str, ran: Ran) -> Flaw:
    return Flaw(code, f"`{command}` ended with exit code {ran.exit_code}:\n{ran.end}".rstrip())
