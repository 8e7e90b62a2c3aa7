"""Moves tasks from one form to the other."""

from vtm.app.app import App
from vtm.app.converting_to_files import plan_files, write_files
from vtm.app.converting_to_manifest import plan_entries, write_entries
from vtm.app.locking import held
from vtm.queries.added import Form
from vtm.queries.converted import Conversion


def converted(app: App, to: Form, *, apply: bool, remove: bool) -> Conversion:
    """All tasks that have the other form in the form `to`; written, all or none, if `apply` says so.

    Raises:
        UnreadableError: There is no backlog, a file is damaged as a whole, or the manifest cannot be edited.
        NotCreatedError: A file cannot be created; nothing was changed.
        ConflictError: Somebody else is writing, or changed a file meanwhile.
        ExternalError: The system refuses; unless it says more, nothing was changed.
    """
    if not apply:
        return _converted(app, to, apply=False, remove=remove)
    with held(app):
        return _converted(app, to, apply=True, remove=remove)


def _converted(app: App, to: Form, *, apply: bool, remove: bool) -> Conversion:
    if to == "markdown":
        plan = plan_files(app)
        answer = Conversion(not plan.problems, False, to, plan.tasks, plan.problems)
        if not apply or plan.problems or not plan.tasks:
            return answer
        files, gone = write_files(app, plan, remove=remove)
    else:
        entries = plan_entries(app)
        answer = Conversion(not entries.problems, False, to, entries.tasks, entries.problems)
        if not apply or entries.problems or not entries.tasks:
            return answer
        files, gone = write_entries(app, entries, remove=remove)
    return Conversion(True, True, to, answer.tasks, (), files, gone)
