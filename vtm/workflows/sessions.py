"""Sessions as workflows of DBOS Transact."""

from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    SetWorkflowID,
    WorkflowSerializationFormat,
    error,
)
from sqlalchemy.exc import SQLAlchemyError

from vtm.errors import ExternalError
from vtm.ports.workflows import Attendant, CancelledSessionError, Unfinished, Workflows
from vtm.workflows.connection import Connection

VERSION = "vtm-1"
"""Of the steps of a workflow: only what has the same steps can be recovered. Never the library's default,
which is a hash of the source, so that an update of vtm would lose what runs."""

_PAUSE = 0.1
"""Seconds between looks at a session that another thread or process drives."""
_CLOSING = 0.1
"""Seconds between looks for messages, of which there are none here: closing waits for the next one."""
_OPEN = ["PENDING", "ENQUEUED", "DELAYED"]


class DbosWorkflows(Workflows):
    """Workflows of one engine process, recorded at `url`; a process has at most one of these at a time.

    Args:
        url: `sqlite:///…` or `postgresql+psycopg://…`.
        executor: Names this process among all that use `url`. The library's default is the same for all, and
            then each runs what the others run.
        attendant: What is to be done for a session.
        schema: Where in a PostgreSQL database it is recorded: repositories that share one have the same ids.
    """

    def __init__(self, url: str, executor: str, attendant: Attendant, schema: str = "vtm") -> None:
        with self._reaching(), ExitStack() as undone:
            undone.callback(self.close)  # what is half there would be taken for the next one of this process
            DBOS(config=_config(url, executor, schema))
            self._drive = _workflow(attendant)
            DBOS.launch()
            undone.pop_all()

    async def run(self, session: str) -> str:
        """Drive a session to its end, or wait for the end of what drives it; what `settle` said."""
        with self._reaching():
            try:
                with SetWorkflowID(session):
                    handle = await DBOS.start_workflow_async(self._drive, session)
                return await handle.get_result(polling_interval_sec=_PAUSE)
            except (error.DBOSWorkflowCancelledError, error.DBOSAwaitedWorkflowCancelledError):
                raise CancelledSessionError(session) from None
            except PortableWorkflowError as failure:  # of an engine before this one
                raise ExternalError(
                    f"the workflow of {session} failed before: {failure.message}",
                    code="WORKFLOW-FAILED",
                    fix=f"`vtm abort {session}` gives its task back; then run it again",
                ) from None

    async def cancel(self, sessions: Collection[str]) -> None:
        """Let these sessions end, and what they started."""
        with self._reaching():
            await DBOS.cancel_workflows_async(list(sessions), cancel_children=True)

    def unfinished(self) -> Sequence[Unfinished]:
        """Sessions whose workflow is not over, whoever drives it."""
        with self._reaching():
            found = DBOS.list_workflows(status=_OPEN, load_input=False, load_output=False)
        return [Unfinished(each.workflow_id, each.executor_id or "") for each in found]

    def recover(self, executors: Collection[str]) -> None:
        """Drive here what these engine processes drove."""
        with self._reaching():
            DBOS._recover_pending_workflows(sorted(executors))  # its only way to others' work

    def close(self) -> None:
        """Be done; what is not over stays as it is and can be recovered."""
        DBOS.destroy(destroy_registry=True)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, error.DBOSInitializationError) as failure:
            raise _failed(failure) from None


def _failed(failure: Exception) -> ExternalError:
    reason = str(getattr(failure, "orig", None) or failure).strip().splitlines()
    return ExternalError(
        f"the progress of runs cannot be recorded: {reason[0] if reason else type(failure).__name__}",
        code="WORKFLOWS-FAILED",
        fix="see whether it is full or read-only; [run] database in vtm.toml names another place",
    )


def _config(url: str, executor: str, schema: str) -> DBOSConfig:
    """Portable values only: what is pickled runs code when it is read, and only Python can read it."""
    return {
        "name": "vtm",
        "system_database_url": url,
        "dbos_system_schema": schema,
        "executor_id": executor,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        "enable_otlp": False,
        **(
            {"db_engine_kwargs": {"connect_args": {"factory": Connection}}}
            if url.startswith("sqlite")
            else {}
        ),
        "notification_listener_polling_interval_sec": _CLOSING,
    }


def _workflow(attendant: Attendant) -> Callable[[str], Coroutine[None, None, str]]:
    """The workflow of a session: few steps, since each costs a transaction."""

    async def session(name: str) -> str:
        # preemptible: else cancelling would reach the agent's step only when the agent has ended
        await DBOS.run_step_async({"name": "work", "preemptible": True}, attendant.work, name)
        return await DBOS.run_step_async({"name": "settle"}, attendant.settle, name)

    return DBOS.workflow(name="session", serialization_type=WorkflowSerializationFormat.PORTABLE)(session)
