"""One change at work, while the lock is held."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta

from msgspec.structs import replace

from vtm.engine.leases import latest_leases, live, moment_after
from vtm.engine.request import Prepared, Request, refuse
from vtm.errors import ExternalError, UnreadableError
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Event, Kind
from vtm.model.facts import Action, Caller, Occasion
from vtm.model.finding import Finding
from vtm.model.lease import Lease
from vtm.model.naming import task_named
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.model.transitions import advance, target
from vtm.ports.recording import Ledger, Runtime, Step
from vtm.ports.surroundings import Surroundings
from vtm.queries.changed import Changed, changed


class Desk:
    """One change at work, while the lock is held.

    Attributes:
        now: The moment of the change; it never goes back.
        ttl: How long a lease lasts where nobody says otherwise.
        notices: What was found out of order; sentences for a person.
        backlog: Declared tasks with the state as it is now.
    """

    def __init__(self, ledger: Ledger, runtime: Runtime, around: Surroundings, ttl: timedelta) -> None:
        self.ledger = ledger
        self.runtime = runtime
        self.around = around
        self.ttl = ttl
        self.notices: list[str] = []
        self.backlog: Backlog = around.backlog(ledger.recorded)
        self.now = runtime.clock(around.now)

    def task(self, name: str) -> Task:
        """The task with this id, its entry and its journal brought together.

        Raises:
            WrongUsageError: There is none.
            UnreadableError: Its entry cannot be read as it is.
            ConflictError: Its entry and its journal do not belong together.
        """
        task = task_named(self.backlog, name)
        defect = self.ledger.recorded.damaged.get(task.task_id)
        if defect is not None:
            path = defect.location.path
            raise UnreadableError(
                f"the entry of {name} cannot be read: {defect.message}",
                code=f"{defect.damage}::{name}",
                path=path,
                fix=f"correct it; `vtm validate` shows where it is in {path}",
            )
        if self.ledger.settle(task.task_id, self.now):
            self.backlog = self.around.backlog(self.ledger.recorded)
        return self.backlog[task.task_id]

    def leases(self) -> dict[str, Lease]:
        """The latest lease of each task, whether or not it is over."""
        return latest_leases(self.runtime.leases(), self.ledger.history, self.backlog, self.ttl)

    def live(self, leases: Mapping[str, Lease]) -> dict[str, Lease]:
        """Those of `leases` that are not over."""
        return live(leases, self.now)

    def record(self, request: Request) -> Changed:
        """Let what is asked for happen; see `Recorder.record`."""
        task = self.task(request.task)
        before = self.backlog.state_of(task)
        details = request.details(self.backlog, task)
        leases = self.leases()
        occasion = Occasion(request.kind, request.caller, self.live(leases), details.result)
        what = f"cannot {request.kind} {task.task_id}"
        refuse(self.around.guards(self.backlog, task, occasion), what)
        target(task.task_id, before.status, request.kind)
        findings: Sequence[Finding] = ()
        if request.action is not Action.RECORD:
            occasion = replace(occasion, unread=self.around.unread(task))
            found = self.around.gates(self.backlog, task, request.action, occasion)
            findings = request.override.applied(found)
            refuse(findings, what)
            details = request.override.noted(details, found)
        return self.carry_out(task, request, details, leases, findings)

    def carry_out(
        self,
        task: Task,
        request: Request,
        details: Details,
        leases: Mapping[str, Lease],
        findings: Sequence[Finding],
    ) -> Changed:
        """Let what is asked for happen, which guards and gates have let pass; `findings` go with the answer.

        Raises:
            IllegalTransitionError: It cannot happen to a task in this status.
        """
        before = self.backlog.state_of(task)
        to = target(task.task_id, before.status, request.kind)
        epoch = max(before.epoch, request.caller.epoch or 0)  # the guards have let it pass
        event = self.event(task, request.kind, to, request.caller, details, epoch)
        after = advance(task, before, event)
        lease = self.prolonged(leases.get(task.task_id), after, request.caller)
        prepared = request.prepare(self.backlog, task) if request.prepare else Prepared()
        if not request.dry_run:
            if prepared.resolver:
                self.around.reread()
            ends = task.task_id in leases and after.status is not Status.IN_PROGRESS
            self.write(task, event, after, grant=lease, end=ends, manifest_hash=prepared.manifest_hash)
        else:
            self.ledger.rehearse([Step(event, after)])
        return changed(
            task,
            event,
            before,
            after,
            expires_at=lease.expires_at if lease else None,
            findings=findings,
            dry_run=request.dry_run,
            resolver=prepared.resolver,
        )

    def event(
        self, task: Task, kind: Kind, to: Status, caller: Caller, details: Details, epoch: int
    ) -> Event:
        """The line for what happens now to `task`."""
        state = self.backlog.state_of(task)
        stamp = self.ledger.stamp(task.task_id, self.now)
        holder = state.owner if caller.epoch is not None else ""
        return Event(
            stamp.id,
            stamp.at,
            task.task_id,
            kind,
            state.status,
            to,
            caller.agent or holder or caller.user,
            epoch,
            details,
            stamp.follows,
        )

    def write(
        self,
        task: Task,
        event: Event,
        after: TaskState | None,
        *,
        grant: Lease | None = None,
        end: bool = False,
        manifest_hash: str = "",
    ) -> None:
        """Write an event and what it makes of an entry; grant a lease with it, or end the one there is."""
        written = False
        self.runtime.tick(self.now)
        try:
            with self.runtime.transaction() if grant or end else nullcontext():
                if grant:
                    self.runtime.grant(grant)
                elif end:
                    self.runtime.end(task.task_id)
                self.ledger.write([Step(event, after)], self.now, manifest_hash)
                written = True
        except ExternalError as error:
            if not written:
                raise
            self.notices.append(f"{error.message}; the lease of {task.task_id} counts from the journal")
        self.notices += self.ledger.notices
        self.notices += self.around.written(f"{event.event} {task.task_id}")

    def prolonged(self, lease: Lease | None, after: TaskState, caller: Caller) -> Lease | None:
        """The lease under which the caller works, prolonged: whoever is heard of is alive. None: none is."""
        if lease is None or caller.epoch != lease.epoch or after.status is not Status.IN_PROGRESS:
            return None
        until = max(lease.expires_at, moment_after(self.now, self.ttl))
        return replace(lease, renewed_at=self.now, expires_at=until)
