"""Makes a project ready for vtm."""

import msgspec

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.app.registering import registered, repository_of
from vtm.queries.initialised import Initialised, InitialisedWithGit
from vtm.sources.files import read_bytes
from vtm.sources.hashes import manifest_hashes
from vtm.stores.new_file import NotCreatedError, create
from vtm.templates.starter import SPEC_PATH, template


def initialised(app: App) -> Initialised:
    """Write settings and state for the backlog that is there, or a starter one; overwrite nothing.

    Raises:
        UnreadableError: There is a manifest or a state file, and it is damaged as a whole.
        NotCreatedError: A file cannot be created; it says which were created before.
    """
    root, paths = app.project.root, app.settings.paths
    opened = Opened.read(app.project, paths, thorough=False)
    opened.refuse_damage()
    files = {"vtm.toml": "vtm.toml"}
    if opened.declared.missing:
        files |= {SPEC_PATH: "starter-spec.md", paths.manifest: "starter-manifest.json"}
    made: dict[str, bool] = {}
    try:
        for name, source in files.items():
            made[name] = create(root, name, template(source))
        made[paths.state] = create(root, paths.state, _state(app))
    except NotCreatedError as error:
        raise error.after([name for name, new in made.items() if new]) from None
    created = [name for name, new in made.items() if new]
    return Initialised(root.as_posix(), created, [name for name, new in made.items() if not new])


def initialised_with_git(app: App) -> InitialisedWithGit:
    """The same, and tell git how to deal with what vtm writes.

    Raises:
        WrongUsageError: The project is outside git; nothing was done.
        ExternalError: Git or the system refuses.
    """
    top = repository_of(app)
    made = initialised(app)
    return InitialisedWithGit(made.root, made.created, made.kept, registered(app.again(), top))


def _state(app: App) -> bytes:
    """An empty state for the manifest that is there now, whoever wrote it."""
    name = app.settings.paths.manifest
    found = read_bytes(app.project.root / name, name)
    manifest = found if isinstance(found, bytes) else b""
    state = {
        "manifest_hash": manifest_hashes(manifest).canonical,
        "last_updated": app.now.replace(microsecond=0),
        "tasks": {},
    }
    return msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n"
