"""Writes the canonical hash where hashes are kept."""

from typing import Any

from vtm.app.app import App
from vtm.app.declaring import Declaring, Written
from vtm.app.locking import held
from vtm.queries.rehashed import Rehashed, RehashedFile
from vtm.sources.decoder import parse
from vtm.sources.manifest_text import with_hash
from vtm.stores.watched import Watched

_KEY = "manifest_hash"


def rehash(app: App, *, dry_run: bool) -> Rehashed:
    """Write the canonical hash into the manifest, if it has a hash, and into the state, if there is one.

    Raises:
        UnreadableError: There is no manifest whose text can be edited.
        ConflictError: Somebody else is writing, or changed a file meanwhile.
        ExternalError: The system refuses; nothing was changed.
    """
    if dry_run:
        return _rehash(app, dry_run=True)
    with held(app):
        return _rehash(app, dry_run=False)


def _rehash(app: App, *, dry_run: bool) -> Rehashed:
    declaring = Declaring.read(app)
    canonical = declaring.canonical
    manifest, state = _kept(declaring.manifest), _kept(declaring.state)
    files = ((declaring.manifest, _KEY in manifest), (declaring.state, declaring.state.seen is not None))
    found = [
        RehashedFile(
            file.name, shown if isinstance(shown := fields.get(_KEY), str) else "", shown != canonical
        )
        for (file, concerned), fields in zip(files, (manifest, state), strict=True)
        if concerned
    ]
    if not dry_run:
        changing = {each.path for each in found if each.changes}
        texts = [
            with_hash(file.data, file.name, canonical) if file.name in changing else None for file, _ in files
        ]
        declaring.write(Written(texts[0], texts[1], canonical))
    return Rehashed(canonical, not dry_run, found)


def _kept(file: Watched) -> dict[str, Any]:
    """The fields of a file; none where there is no file."""
    fields: dict[str, Any] = parse(file.data) if file.data else {}
    return fields
