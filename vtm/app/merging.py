"""Merges two versions of the state for git."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.own_files import own_files
from vtm.errors import ExternalError, UnreadableError, VtmError, WrongUsageError
from vtm.git.versions import Versions, top_level
from vtm.model.finding import Defect
from vtm.model.merging import Conflict, Journals, merged
from vtm.model.three_way import Json, Sides
from vtm.queries.git_merge import StateConflicts, StateMerged
from vtm.sources.decoder import MalformedError, parse
from vtm.sources.document import Document
from vtm.sources.files import malformed
from vtm.stores.durable import refused, replace_file
from vtm.stores.exact_json import exact, written
from vtm.stores.journal import Journal

CONFLICTS = "task-state.conflicts.json"
"""Lies beside the state file while a person has to decide."""

_SIDES = ("base", "ours", "theirs")


class Asked(NamedTuple):
    """What git asks for.

    Attributes:
        folder: Where git runs the driver; the other paths are relative to it.
        base: File with the version that both sides started from; empty where there is none.
        ours: File with our version, and the result.
        theirs: File with their version.
        path: Of the file that is merged, relative to the top level; empty: the state of the project.
    """

    folder: Path
    base: str
    ours: str
    theirs: str
    path: str


def merge_state(app: App, asked: Asked) -> StateMerged:
    """Merge the versions that git hands over, and put the result in the place of ours.

    Raises:
        VtmError: There are conflicts, which are written down beside the state, or a version is no state,
            and then nothing is changed.
    """
    top = _top(asked.folder)
    if asked.path and (PurePath(asked.path).is_absolute() or ".." in PurePath(asked.path).parts):
        raise WrongUsageError(
            f"{asked.path} is not a path inside the repository", code="USAGE", fix="git says it as %P"
        )
    app = App.at((top / asked.path).parent, app.fixed_now) if asked.path else app
    files = own_files(app, top)
    path = asked.path or files.state
    contents = [_read(asked.folder / each) for each in (asked.base, asked.ours, asked.theirs)]
    documents = Sides(*_documents(path, contents))
    journals = _journals(Versions(asked.folder, path), contents, files.journal)
    result = merged(documents, journals or Journals())
    _write(asked.folder / asked.ours, written(result.document))
    beside = (top / path if asked.path else app.project.work / app.settings.paths.state).parent / CONFLICTS
    if result.conflicts:
        _write(beside, written(StateConflicts(path, result.conflicts)))
        raise _conflicting(path, result.conflicts)
    with suppress(OSError):  # what is left of an older merge; it harms nobody
        beside.unlink(missing_ok=True)
    return StateMerged(path, len(result.document.get("tasks", ())), journals is not None)


def _top(folder: Path) -> Path:
    try:
        return top_level(folder)
    except ExternalError:
        return folder.absolute()


def _journals(versions: Versions, contents: Sequence[bytes], path: str) -> Journals | None:
    """The journals of both sides; None where the commits they are in are not found."""
    try:
        found = [versions.beside(each, path) for each in contents[1:]]
    except ExternalError:
        return None
    ours, theirs = (None if each is None else Journal(each).by_task() for each in found)
    return None if ours is None or theirs is None else Journals(ours, theirs)


def _documents(path: str, contents: Sequence[bytes]) -> Iterator[Json]:
    for side, content in zip(_SIDES, contents, strict=True):
        if side == "base" and not content:
            yield {}
            continue
        try:
            document = parse(content)
        except MalformedError as error:
            raise _no_state(side, malformed(path, content, error)) from None
        text = Document(path, content, "task-state")
        if not isinstance(document, dict):
            raise _no_state(side, text.refused("is not an object", (), "write an object"))
        if not isinstance(document.get("tasks"), dict | None):
            raise _no_state(side, text.refused("has tasks that are no object", ("tasks",), "write an object"))
        for again in text.repeated_keys()[:1]:
            raise _no_state(side, again)
        yield exact(content)


def _no_state(side: str, defect: Defect) -> VtmError:
    where = defect.location
    what = defect.message.removeprefix(where.path).strip()
    return VtmError(
        f"the version of {side} cannot be merged: {where.path} {what}; nothing was changed",
        code=defect.damage.value,
        path=where.path,
        line=where.line,
        column=where.column,
        fix=f"choose one version with `git checkout --ours` or `--theirs`, or mend that of {side}",
    )


def _conflicting(path: str, conflicts: Sequence[Conflict]) -> VtmError:
    named = [f"{each.task or 'the file'}: {each.field or 'the whole entry'}" for each in conflicts]
    more = f" and {len(named) - 20} more" if len(named) > 20 else ""
    return VtmError(
        f"both sides changed the same of {path} differently: {'; '.join(named[:20])}{more}",
        code="MERGE-CONFLICT",
        path=path,
        fix=f"the file holds ours; {CONFLICTS} beside it has all three values of each: write what is right "
        f"into the state, remove {CONFLICTS}, and `git add` the state",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise UnreadableError(
            f"{path.name} cannot be read: {reason}",
            code="GAP::UNREADABLE",
            path=path.name,
            fix="name the files that git hands to a merge driver: %O %A %B %P",
        ) from None


def _write(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise refused(path.name, error) from None
