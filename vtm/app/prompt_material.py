"""What goes into prompts from elsewhere: hand-overs and substitutions."""

import re
from collections.abc import Iterator, Sequence

from vtm.app.app import App
from vtm.model.event import Handoff
from vtm.model.task import Task
from vtm.sources.files import read_bytes

_HANDOFF = b'"handoff"'
_PARTS = ("done", "files", "next", "constraints", "tests")


def latest_hand_over(app: App, task: Task) -> str:
    """The latest hand-over that somebody wrote of a task, Markdown; empty: nobody did.

    Raises:
        UnreadableError: The journal cannot be read.
    """
    if not app.backlog.state_of(task).last_event or not _is_mentioned(app, task):
        return ""
    from vtm.app.handing_over import latest_handoff  # noqa: PLC0415  git, journal: 10 ms, only where there is one

    written = latest_handoff(app, task)
    return "\n".join(_lines(written)) if written else ""


def _is_mentioned(app: App, task: Task) -> bool:
    """Whether the journal may have a hand-over of a task: a look at its bytes takes a tenth of reading it."""
    path = app.settings.paths.journal
    data = read_bytes(app.project.root / path, path)
    if not isinstance(data, bytes):
        return False
    plain = re.fullmatch(r"[\w.-]+", task.task_id, re.ASCII)
    name = task.task_id.encode() if plain else b""
    found = data.find(_HANDOFF)
    while found >= 0:
        end = data.find(b"\n", found)
        end = len(data) if end < 0 else end
        if name in data[data.rfind(b"\n", 0, found) + 1 : end]:
            return True
        found = data.find(_HANDOFF, end)
    return False


def _lines(written: Handoff) -> Iterator[str]:
    for name in _PARTS:
        yield f"{name}:"
        yield from (f"- {each}" for each in getattr(written, name) or ["none"])


def substitutions(app: App, task: Task, more: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What to use in place of what the documents of a task ask for: as the settings have it, then `more`.

    Raises:
        WrongUsageError: A pattern of the settings is no regular expression, or takes too long.
        ExternalError: No process can be started to look for them.
    """
    from vtm.app.prescanning import prescan  # noqa: PLC0415  a process: 10 ms, only for one template

    found = {each.found: each.substitute for each in prescan(app, task).substitutions}
    return list((found | dict(more)).items())
