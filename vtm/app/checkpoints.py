"""The checkpoints of a project, as their tags tell."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vtm.app.app import App
from vtm.errors import VtmError, WrongUsageError
from vtm.git.contents import Contents
from vtm.git.tags import KEPT, TAGS, Tag, Tags
from vtm.model.checkpoint import Checkpoint, Position, Record
from vtm.model.naming import nearest
from vtm.model.plain import whole
from vtm.queries.shell_words import word
from vtm.stores.journal import Journal

_decoder = msgspec.json.Decoder(Record)


def top_of(app: App) -> Path:
    """The main worktree's top level.

    Raises:
        WrongUsageError: The project is in no git repository.
    """
    if app.project.repository is None:
        where = app.project.root.name or app.project.root.as_posix()
        raise WrongUsageError(
            f"{where} is not in a git repository", code="NOT-A-REPOSITORY", fix="run `git init` first"
        )
    return app.project.repository


def checkpoints(app: App) -> Sequence[Checkpoint]:
    """All checkpoints, damaged ones included, those made first first.

    Raises:
        WrongUsageError: The project is in no git repository.
        ExternalError: Git cannot answer.
    """
    found = [_checkpoint(each) for each in Tags(top_of(app)).all()]
    return sorted(found, key=_when)


def checkpoint_named(app: App, name: str) -> tuple[Checkpoint, Record]:
    """The checkpoint with this name, and what its tag says.

    Raises:
        WrongUsageError: There is none, or the project is in no git repository.
        VtmError: Its tag was moved or deleted by hand.
        ExternalError: Git cannot answer.
    """
    known = checkpoints(app)
    found = next((each for each in known if each.name == name), None)
    if found is None:
        near = nearest(name, [each.name for each in known])
        fix = f"did you mean {' or '.join(near)}?" if near else "`vtm checkpoint list` shows all"
        raise WrongUsageError(f"there is no checkpoint {whole(name)}", code="UNKNOWN-CHECKPOINT", fix=fix)
    if found.record is None:
        raise VtmError(
            f"the checkpoint {name} is damaged: {found.flaw}", code="CHECKPOINT-DAMAGED", fix=found.fix
        )
    return found, found.record


def position_of(app: App, name: str) -> Position:
    """Where the journal was when the checkpoint with this name was made.

    Raises:
        WrongUsageError: There is none, or the project is in no git repository.
        VtmError: Its tag was moved or deleted by hand.
        ExternalError: Git cannot answer.
    """
    found, record = checkpoint_named(app, name)
    kept = Contents.at(top_of(app)).of([record.journal], found.snapshot)
    events = Journal(kept.get(record.journal, b"")).read[0]
    return Position(name, record.at, record.commit, frozenset(event.id for event in events))


def _when(found: Checkpoint) -> tuple[bool, str, str]:
    return found.record is None, found.record.at.isoformat() if found.record else "", found.name


def _checkpoint(tag: Tag) -> Checkpoint:
    record = _record(tag) if tag.object else None
    if record is not None and tag.kept in {"", tag.object}:
        return Checkpoint(tag.name, record, tag.commit)
    public, own = word(TAGS + tag.name), word(KEPT + tag.name)
    back = f"`git update-ref {public} {tag.kept}` brings it back, " if tag.kept else ""
    if not tag.object:
        return Checkpoint(tag.name, flaw="its tag is gone", fix=f"{back}`git update-ref -d {own}` forgets it")
    fix = f"{back}`git update-ref -d {public}` removes the tag"
    return Checkpoint(tag.name, flaw="its tag is not the one that vtm made", fix=fix)


def _record(tag: Tag) -> Record | None:
    """What a tag says; None where it is none of a checkpoint's, or was put in the place of another one."""
    try:
        record = _decoder.decode(tag.text.rstrip("\n").rpartition("\n")[2].encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return record if record.name == tag.name and tag.parents == [record.commit] else None
