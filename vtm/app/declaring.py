"""The manifest and the state that was written for it, while one of them is edited."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, Self

import msgspec

from vtm.app.app import App
from vtm.app.opened import Opened, no_manifest
from vtm.errors import ConflictError, ExternalError
from vtm.model.backlog import Backlog
from vtm.model.finding import Defect
from vtm.model.hashes import is_known
from vtm.model.recorded_hash import fits
from vtm.model.state import TaskState
from vtm.model.task import Task, Texts, Timestamp
from vtm.model.transaction import Transaction
from vtm.sources.hashes import manifest_hashes
from vtm.sources.manifest_text import ManifestText, with_hash
from vtm.stores.mending import MendingLedger
from vtm.stores.watched import Watched, replace_all

_FIRST = b'{\n  "status": "OK",\n  "tasks": []\n}\n'


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
        text: The manifest's text; where there is none, that of one without tasks.
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
        declaring = cls.read_beside_files(app)
        if declaring.manifest.seen is None:
            raise no_manifest(app.settings.paths)
        return declaring

    @classmethod
    def read_beside_files(cls, app: App) -> Self:
        """Read both; where there are only task files, the manifest is one that is not written yet.

        Raises:
            UnreadableError: There is no backlog, or a file is damaged or has a key twice.
        """
        return cls._read(app, Opened.whole)

    @classmethod
    def read_or_begin(cls, app: App) -> Self:
        """Read both; where there is no manifest, with or without task files, it is one not written yet.

        Raises:
            UnreadableError: A file is damaged or has a key twice.
        """
        return cls._read(app, Opened.whole_or_beginning)

    @classmethod
    def _read(cls, app: App, backlog: Callable[[Opened], Backlog]) -> Self:
        root, paths = app.project.root, app.settings.paths
        manifest, state = Watched.read(root, paths.manifest), Watched.read(root, paths.state)
        found = backlog(Opened.read(app.project, paths, thorough=False))
        text = ManifestText.read(_FIRST if manifest.seen is None else manifest.data, paths.manifest)
        return cls(found, manifest, state, text, text.canonical)

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

    def written_beside_its_head(self, text: ManifestText) -> Written:
        """The same, but no hash is changed that still does its work.

        Raises:
            UnreadableError: The state has a key twice.
        """
        recorded, declared = self.backlog.state.manifest_hash, self.backlog.manifest.manifest_hash
        canonical = text.canonical
        if not self.in_step or fits(recorded, declared, manifest_hashes(text.data)):
            return Written(text.data, None, canonical)
        return Written(text.data, with_hash(self.state.data, self.state.name, canonical), canonical)

    def with_tasks(
        self, tasks: Sequence[Task], states: Mapping[str, TaskState], defects: Sequence[Defect] = ()
    ) -> Backlog:
        """The backlog with `tasks` where they are to be: behind all other entries of the manifest."""
        backlog, count = self.backlog, self.entry_count
        there = [backlog.at_position(at) for at in range(len(backlog.manifest.tasks))]
        return Backlog(
            msgspec.structs.replace(backlog.manifest, tasks=(*backlog.manifest.tasks, *tasks)),
            msgspec.structs.replace(backlog.state, tasks={**backlog.state.tasks, **states}),
            manifest_path=backlog.manifest_path,
            state_path=backlog.state_path,
            origins=[*there, *(backlog.at_manifest("tasks", count + at) for at in range(len(tasks)))],
            defects=[*backlog.defects, *defects],
        )

    def transaction(self, app: App, tasks: Texts, kind: str = "ingest") -> Transaction:
        """A record of `tasks` being added now; its id follows from what it says."""
        at = app.now.replace(microsecond=0)
        digest = sha256(msgspec.json.encode([at, tasks, self.canonical])).hexdigest()
        return Transaction(f"{kind}-{digest[:12]}", at, tasks, self.canonical)

    def write(self, written: Written) -> list[str]:
        """Put it into the files, the manifest first; returns the names of those that changed.

        Raises:
            ConflictError: Somebody who holds no lock changed one of them; nothing was written.
            ExternalError: The system refuses; both are as they were.
        """
        pairs = ((self.manifest, written.manifest), (self.state, written.state))
        changed = [(file, data) for file, data in pairs if data is not None]
        return replace_all(changed, after_half="then run `vtm rehash`")

    def write_with(self, ledger: MendingLedger, written: Written, now: Timestamp) -> list[str]:
        """The same where entries of the state change too: they are set in `ledger` and not written yet.

        Raises:
            ConflictError: Somebody who holds no lock changed one of them; nothing was written.
            ExternalError: The system refuses; all are as they were.
        """
        changed = self.write(written._replace(state=None))
        try:
            ledger.save(now, written.manifest_hash if self.in_step else "")
        except (ConflictError, ExternalError):
            if changed:
                self._put_back()
            raise
        return [*changed, *ledger.names]

    def _put_back(self) -> None:
        try:
            self.manifest.put_back()
        except ExternalError as error:
            raise ExternalError(
                f"{self.manifest.name} was changed, but then the system refused to write {self.state.name}",
                code=error.code,
                path=self.state.name,
                fix="make room, or make its folder writable, then run `vtm rehash`",
            ) from None
