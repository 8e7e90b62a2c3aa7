"""What the agent of a session is told: the prompt of its task, and what did not pass before."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from vtm.app.app import App
from vtm.app.prompting import Asked, prompt_for
from vtm.model.fence import visible
from vtm.model.session import Session
from vtm.model.task import Task
from vtm.stores.durable import refused, replace_file

_PROMPT = "prompt.md"
_TEMPLATE = "implementation-specialist"


def brief(app: App, task: Task, session: Session, failures: Sequence[str], place: Path) -> None:
    """Write into `place` what the agent of a session is told; `app` is that of its worktree.

    Raises:
        ExternalError: The system refuses.
    """
    asked = Asked(worker=session.agent or session.runner, in_run=True)
    prompt = prompt_for(app, app.backlog[task.task_id], _TEMPLATE, asked=asked).text
    text = f"{prompt.rstrip()}\n{_told(failures)}" if failures else prompt
    path = place / _PROMPT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise refused(path.as_posix(), error) from None


def told(place: Path) -> str:
    """What was written down there.

    Raises:
        ExternalError: The system refuses.
    """
    try:
        return (place / _PROMPT).read_text("utf-8")
    except OSError as error:
        raise refused((place / _PROMPT).as_posix(), error) from None


def _told(failures: Sequence[str]) -> str:
    """What is put behind a prompt where something failed before."""
    each = "\n\n".join(f"{at}. {indent(visible(text), '   ').strip()}" for at, text in enumerate(failures, 1))
    return (
        "\n## What did not pass before\n\n"
        f"Work on this task is on the branch already. It was not accepted:\n\n{each}\n\n"
        "What is in the worktree, committed or not, is from then. "
        "Look at it (`git log`, `git status`), put these things right on the same branch, commit, "
        "and report as told above.\n"
    )


def environment(session: Session, run: str) -> dict[str, str]:
    """What the agent of a session finds in its environment, beside the prompt; `run` may be empty."""
    return {
        "VTM_TASK": session.task,
        "VTM_EPOCH": str(session.epoch),
        "VTM_SESSION": session.id,
        "VTM_AGENT": session.agent or session.runner,
        "VTM_RUN": run,
    }
