"""What `vtm convert` did, or would do."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.queries.added import Form


class ConvertedTask(Struct, frozen=True):
    """A task, the file that declares it, and the one that is to do so; relative to the root."""

    task_id: str
    source: str
    target: str


class Inconvertible(Struct, frozen=True):
    """What keeps all tasks where they are.

    Attributes:
        path: The file concerned.
        task_id: Empty where none can be told.
    """

    path: str
    task_id: str
    problem: str


class Conversion(Struct, frozen=True, tag_field="schema", tag="vtm.convert/1"):
    """Tasks in another form.

    Attributes:
        ok: Whether all can be converted; else none is.
        applied: Whether they were.
        to: The form that they get.
        tasks: In the order of declaration.
        files: Those that were written, relative to the root.
        removed: Files that are gone, or the manifest whose list of tasks is empty now.
    """

    ok: bool
    applied: bool
    to: Form
    tasks: Sequence[ConvertedTask]
    problems: Sequence[Inconvertible]
    files: Sequence[str] = ()
    removed: Sequence[str] = ()
