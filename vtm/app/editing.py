"""Lets somebody edit the declaration of one task, and takes it if the backlog stays sound."""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from vtm.app.app import App
from vtm.app.edited_entry import EditedEntry
from vtm.app.edited_file import EditedFile
from vtm.app.locking import held
from vtm.errors import ExternalError, UnreadableError, VtmError
from vtm.model.finding import Defect
from vtm.model.naming import task_named
from vtm.model.task import FileTask
from vtm.queries.edited import Edited, count_errors, edited
from vtm.sources.files import Missing, read_bytes

_LONGEST = 60


def edit(app: App, name: str, editor: Callable[[Path], None], *, start: bytes | None = None) -> Edited:
    """Hand the task `name` to `editor`, and write what it saves; `start`: the text to begin with.

    Nothing is locked while the editor is open. A text that is not taken stays in a file outside the project.

    Raises:
        WrongUsageError: There is no such task or editor.
        ConflictError: Somebody else changed the file meanwhile, or is writing; the text stays in a file.
        ExternalError: The editor failed, or the system refuses; nothing was changed.
    """
    task = task_named(app.backlog, name)
    if isinstance(task, FileTask):
        form: EditedEntry | EditedFile = EditedFile.read(app, app.backlog, task)
    else:
        form = EditedEntry.read(app, task)
    file = _written(f"{_file_name(name)}{form.ending}", form.text if start is None else start)
    try:
        editor(file)
    except VtmError:
        shutil.rmtree(file.parent, ignore_errors=True)
        raise
    data = read_bytes(file, file.as_posix())
    if isinstance(data, Missing | Defect) or data == form.text:
        shutil.rmtree(file.parent, ignore_errors=True)
        gone = "" if isinstance(data, bytes) else "the editor left no text"
        return edited(name, form.path, reason=gone)
    return _taken(app, name, form, file, data)


def read_start(folder: Path, file: str) -> bytes:
    """The text that an edit begins with, from a file that a user names.

    Raises:
        UnreadableError: There is none.
    """
    data = read_bytes(folder / file, file)
    if isinstance(data, bytes):
        return data
    what = f"{file} does not exist" if isinstance(data, Missing) else data.message
    raise UnreadableError(what, code="GAP::UNREADABLE", path=file, fix="name the file that keeps the text")


def _taken(app: App, name: str, form: EditedEntry | EditedFile, file: Path, data: bytes) -> Edited:
    """Write the text, if nothing is against it."""
    kept = file.as_posix()
    verdict = form.judged(app, data, kept)
    if verdict.reason or count_errors(verdict.findings):
        findings = app.placed(verdict.findings)
        return edited(name, form.path, reason=verdict.reason, kept=kept, findings=findings)
    try:
        with held(app):
            files = form.write(app, data)
    except VtmError as error:
        raise _with_place(error, kept) from None
    shutil.rmtree(file.parent, ignore_errors=True)
    return edited(name, form.path, files=files, findings=app.placed(verdict.findings))


def _written(name: str, data: bytes) -> Path:
    """A file outside the project that nobody else may read."""
    try:
        path = Path(tempfile.mkdtemp(prefix="vtm-edit-")) / name
        path.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise ExternalError(
            f"no temporary file can be written: {reason}",
            code="NOT-WRITTEN",
            fix="make room for it, see TMPDIR",
        ) from None
    return path


def _file_name(name: str) -> str:
    return "-".join(re.findall(r"[A-Za-z0-9_]+", name))[:_LONGEST] or "task"


def _with_place(error: VtmError, kept: str) -> VtmError:
    return type(error)(
        f"{error.message}; your text is in {kept}",
        code=error.code,
        path=error.path,
        fix=f"{error.fix}, with --from {kept}",
    )
