"""The manifest and the state that was written for it, while one of them is edited."""

from hashlib import sha256
from typing import NamedTuple, Self

import msgspec

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.model.backlog import Backlog
from vtm.model.hashes import is_known
from vtm.model.recorded_hash import fits
from vtm.model.task import Texts
from vtm.model.transaction import Transaction
from vtm.sources.hashes import manifest_hashes
from vtm.sources.manifest_text import ManifestText, with_hash
from vtm.stores.watched import Watched, replace_all


class Written(NamedTuple):
    """What is to be in the files; None: it stays as it is.

    Attributes:
        manifest_hash: The canonical one of the manifest then.
    """

    manifest: bytes | None
    state: bytes | None
    manifest_hash: str


class Declaring(NamedTuple):
    """A backlog's two files as they were read.

    Attributes:
        text: The manifest's text.
        canonical: Its canonical hash.
    """

    backlog: Backlog
    manifest: Watched
    state: Watched
    text: ManifestText
    canonical: str

    @classmethod
    def read(cls, app: App) -> Self:
        """Read both; what is changed after this is not overwritten.

        Raises:
            UnreadableError: There is no manifest, or a file is damaged or has a key twice.
        """
        root, paths = app.project.root, app.settings.paths
        manifest, state = Watched.read(root, paths.manifest), Watched.read(root, paths.state)
        backlog = Opened.read(app.project, paths, thorough=False).whole()
        text = ManifestText.read(manifest.data, paths.manifest)
        return cls(backlog, manifest, state, text, text.canonical)

    @property
    def entry_count(self) -> int:
        """How many entries the manifest's list of tasks has, those included that cannot be read."""
        return len(self.text.document["tasks"])

    @property
    def in_step(self) -> bool:
        """Whether the state says that it was written for this manifest."""
        recorded, declared = self.backlog.state.manifest_hash, self.backlog.manifest.manifest_hash
        return fits(recorded, declared, manifest_hashes(self.manifest.data))

    def written(self, text: ManifestText) -> Written:
        """What is to be in the files for `text` to be the manifest: hashes follow where they are kept.

        A manifest without a known hash gets none, and a state that was not in step is left to be looked at.

        Raises:
            UnreadableError: The state has a key twice.
        """
        canonical = text.canonical
        if is_known(self.backlog.manifest.manifest_hash):
            text = text.with_fields({"manifest_hash": canonical})
        state = with_hash(self.state.data, self.state.name, canonical) if self.in_step else None
        return Written(text.data, state, canonical)

    def transaction(self, app: App, tasks: Texts) -> Transaction:
        """A record of `tasks` being added now; its id follows from what it says."""
        at = app.now.replace(microsecond=0)
        digest = sha256(msgspec.json.encode([at, tasks, self.canonical])).hexdigest()
        return Transaction(f"ingest-{digest[:12]}", at, tasks, self.canonical)

    def write(self, written: Written) -> list[str]:
        """Put it into the files, the manifest first; returns the names of those that changed.

        Raises:
            ConflictError: Somebody who holds no lock changed one of them; nothing was written.
            ExternalError: The system refuses; both are as they were.
        """
        pairs = ((self.manifest, written.manifest), (self.state, written.state))
        changed = [(file, data) for file, data in pairs if data is not None]
        return replace_all(changed, after_half="then run `vtm rehash`")
