"""Runs a backlog: one run of a repository at a time, from what it is asked for to what came of it."""

import asyncio
import gc
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import filelock
import msgspec
from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.running.agents import Agents
from vtm.app.running.asked import AskedRun
from vtm.app.running.hands import AppHands
from vtm.app.running.interrupts import heard, shielded
from vtm.app.running.preparing import Prepared, prepared
from vtm.app.running.results import result, steps
from vtm.app.running.workflows import refuse_without_library, workflows_of
from vtm.app.sessions import sessions_of
from vtm.discovery import runtime_folder
from vtm.engine.running.attending import Attending
from vtm.engine.running.handed import Assigned
from vtm.engine.running.heartbeat import keep_alive
from vtm.engine.running.loop import Loop
from vtm.engine.running.recovering import found
from vtm.engine.running.telling import Tell, Teller
from vtm.errors import ConflictError
from vtm.model.run import Run
from vtm.model.settings import seconds
from vtm.model.status import Status
from vtm.ports.workflows import Workflows
from vtm.queries.run import RunResult
from vtm.queries.run_event import RunStep
from vtm.runners.nursing import Nursery
from vtm.stores.durable import refused
from vtm.stores.runs import SqliteRuns


class To(NamedTuple):
    """Who is told what happens; `listening`: also what agents say."""

    tell: Tell
    listening: bool = False


_LOCK, _HOLDER = "run.lock", "run.holder"


def ran(app: App, asked: AskedRun, to: To, *, resume: bool = False, dry_run: bool = False) -> RunResult:
    """Run the backlog as it is asked for; `resume`: as the last run was, however that ended.

    What engines left behind that are gone is taken over in any case.

    Raises:
        ConflictError: There is a run already.
        RefusedError: A check before work is blocked.
        WrongUsageError: It cannot be meant.
        ExternalError: Git, an agent's program, the system or a database fails before anything is started.
    """
    runs = SqliteRuns(runtime_folder(app.project))
    last = runs.latest()
    again = resume and last is not None
    if resume and last is not None:
        asked = asked.over(_left(app, last))
    before = prepared(app, asked)
    agents = Agents(app, Assigned(asked.runner, asked.agent))
    for task in before.tasks:
        agents.assigned(task)
    if dry_run:
        return steps(before, agents)
    refuse_without_library()
    with _alone(app), Nursery() as agents.nursery, shielded():
        return _ran(app, asked, before, agents, to, runs, again=again)


def _ran(
    app: App, asked: AskedRun, before: Prepared, agents: Agents, to: To, runs: SqliteRuns, *, again: bool
) -> RunResult:
    text = msgspec.json.encode(asked).decode()
    run = runs.begin(socket.gethostname(), os.getpid(), text, app.instant)
    order = before.order._replace(run=str(run))
    hands = AppHands(app, agents, order.run)
    teller = Teller(hands, to.tell)
    teller(RunStep.RUN_RESUMED if again else RunStep.RUN_STARTED, _what(before))
    workflows = workflows_of(app, Attending(hands, teller, listening=to.listening))
    gc.freeze()  # what was imported stays, and is a lot to look through each time
    gc.enable()  # commands live too short to need it; a run may last for days
    try:
        loop = Loop(hands, workflows, order, teller)
        asyncio.run(_go(hands, workflows, loop, teller))
        answer = result(hands, before, order, loop)
        runs.end(run, answer.outcome, app.instant)
        teller(RunStep.RUN_ENDED, answer.outcome)
        return answer
    finally:
        workflows.close()
        gc.unfreeze()


async def _go(hands: AppHands, workflows: Workflows, loop: Loop, teller: Teller) -> None:
    """Run until the end; the first signal drains, the second aborts; that a terminal is gone drains."""
    stops: set[asyncio.Task[None]] = set()

    def let_finish() -> None:
        if not loop.draining:
            loop.drain()

    def asked_to_end() -> None:
        if not loop.draining:
            loop.drain()
        elif not loop.stopping:
            stops.add(asyncio.create_task(loop.stop()))

    ttl = seconds(hands.settings.lease_ttl)
    beat = asyncio.create_task(keep_alive(hands, lambda: loop.sessions, ttl, teller))
    with heard(asked_to_end, let_finish):
        left = await asyncio.to_thread(found, hands, workflows, teller)
        await loop.go(left)
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat
        await asyncio.gather(*stops)


def _left(app: App, last: Run) -> AskedRun:
    """What a run was asked for, without the tasks that it has completed."""
    asked = msgspec.json.decode(last.asked, type=AskedRun)
    if asked.until is None:
        return asked
    latest = {each.task: each for each in sessions_of(app).all()}
    done = [
        name
        for name, each in latest.items()
        if each.run and each.settled and each.ended_at and each.ended_at >= last.started_at
        if app.backlog.status(name) is Status.COMPLETED
    ]
    return replace(asked, until=max(0, asked.until - len(done)))


def _what(before: Prepared) -> str:
    tasks, order = len(before.tasks), before.order
    return f"{tasks} tasks to do, {order.mode}, at most {order.places} at once"


@contextmanager
def _alone(app: App) -> Iterator[None]:
    """Be the only run of the project.

    Raises:
        ConflictError: There is one already.
        ExternalError: The system refuses.
    """
    folder = runtime_folder(app.project)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / _LOCK, timeout=0)
        lock.acquire()
    except filelock.Timeout:
        raise _taken(folder) from None
    except OSError as error:
        raise refused((folder / _LOCK).as_posix(), error) from None
    try:
        with suppress(OSError):
            (folder / _HOLDER).write_text(f"process {os.getpid()} on {socket.gethostname()}", "utf-8")
        yield
    finally:
        lock.release()


def _taken(folder: Path) -> ConflictError:
    try:
        who = (folder / _HOLDER).read_text("utf-8")
    except (OSError, ValueError):
        who = "another process"
    return ConflictError(
        f"{who} runs this backlog already",
        code="RUN-UNDER-WAY",
        fix="wait for its end, or end it there; `vtm sessions` shows what it does",
    )
