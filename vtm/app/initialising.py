"""Makes a project ready for vtm."""

import msgspec

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.queries.initialised import Initialised
from vtm.sources.files import read_bytes
from vtm.sources.hashes import manifest_hashes
from vtm.stores.new_file import create
from vtm.templates.starter import SPEC_PATH, template


def initialised(app: App) -> Initialised:
    """Write settings and state for a manifest, or a starter backlog where there is none; overwrite nothing.

    Raises:
        UnreadableError: There is a manifest or a state file, and it is damaged as a whole.
    """
    root, paths = app.project.root, app.settings.paths
    opened = Opened.read(root, paths, thorough=False)
    files = {"vtm.toml": template("vtm.toml")}
    if opened.declared.missing:
        starter = template("starter-manifest.json")
        files |= {SPEC_PATH: template("starter-spec.md"), paths.manifest: starter}
    else:
        opened.whole()
        found = read_bytes(root / paths.manifest, paths.manifest)
        starter = found if isinstance(found, bytes) else b""
    files[paths.state] = _state(starter, app)
    created = [name for name, data in files.items() if create(root / name, data, root)]
    return Initialised(root.as_posix(), created, [name for name in files if name not in created])


def _state(manifest: bytes, app: App) -> bytes:
    state = {
        "manifest_hash": manifest_hashes(manifest).canonical,
        "last_updated": app.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tasks": {},
    }
    return msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n"
