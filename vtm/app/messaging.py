"""What coordinator and workers say to each other, and what is in their inboxes."""

from vtm.app.app import App
from vtm.app.messages import fitting, messages_of
from vtm.app.naming_sessions import running_session
from vtm.app.sessions import sessions_of
from vtm.app.task_branches import task_of_branch
from vtm.errors import WrongUsageError
from vtm.model.message import Audience, Draft
from vtm.model.session import Session
from vtm.queries.inbox import Inbox, Sent, inbox


def sent(app: App, name: str, text: str, sender: str) -> Sent:
    """Put a message into the inbox of the session that is called `name`, or of the latest one of that task.

    Raises:
        WrongUsageError: There is none, it is over, or the text is too long.
    """
    session = running_session(app, name)
    draft = Draft(Audience.WORKER, fitting(text), app.instant, session.id, session.task, sender)
    return Sent.of(messages_of(app).send(draft))


def worker_inbox(app: App, given: str, *, everything: bool = False) -> Inbox:
    """The messages for the session that asks: those that it was not shown, or all; now they were shown.

    Which one it is, is told by the id `given`, else by the branch that is checked out.

    Raises:
        WrongUsageError: It is not known which session asks.
    """
    session = asking_session(app, given)
    sessions_of(app).heard(session.id, app.instant)
    return _taken(app, Audience.WORKER, session.id, everything=everything)


def coordinator_inbox(app: App, *, everything: bool = False) -> Inbox:
    """What workers said to the coordinator: what it was not shown, or all; now it was shown."""
    return _taken(app, Audience.COORDINATOR, None, everything=everything)


def asking_session(app: App, given: str) -> Session:
    """The session of whoever asks: the one with the id `given`, else the latest of the task of its branch.

    Raises:
        WrongUsageError: There is none.
    """
    found = session_of_caller(app, given)
    if found is None:
        said = f"there is no session {given}, and " if given else ""
        raise WrongUsageError(
            f"{said}no session is known for where this runs",
            code="NO-SESSION",
            fix="run it in the worktree of a task, or set VTM_SESSION; a coordinator says --coordinator",
        )
    return found


def session_of_caller(app: App, given: str) -> Session | None:
    """The session with the id `given`, else the latest of the task whose branch is checked out, if any."""
    sessions = sessions_of(app)
    named = sessions.named(given) if given else None
    if named is not None or app.project.repository is None:
        return named
    from vtm.git.head import branch_at  # noqa: PLC0415  only inside git

    branch = branch_at(app.project.work)
    here = [each for each in sessions.all() if branch and each.branch == branch]
    if here:
        return here[-1]
    task = task_of_branch(app, branch)
    return next(reversed(sessions.of_task(task.task_id)), None) if task else None


def _taken(app: App, audience: Audience, session: str | None, *, everything: bool) -> Inbox:
    messages = messages_of(app)
    fresh = messages.take(audience, app.instant, session)
    return inbox(messages.all(audience, session) if everything else fresh, {each.id for each in fresh})
