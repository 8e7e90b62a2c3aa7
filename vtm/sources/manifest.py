"""The manifest as a source of tasks."""

from collections.abc import Sequence
from pathlib import Path

from vtm.model.finding import Defect
from vtm.model.task import Manifest
from vtm.ports.reading import Declared, TaskSource
from vtm.sources.decoder import decode
from vtm.sources.files import Missing, read_bytes


class JsonManifest(TaskSource):
    """A manifest file.

    Attributes:
        name: Its path, POSIX and relative to the root: what findings call it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def load(self, *, thorough: bool) -> Declared:
        """Read all tasks."""
        data = read_bytes(self.path, self.name)
        if isinstance(data, Missing):
            return Declared(None, missing=True)
        if isinstance(data, Defect):
            return Declared(None, [data])
        return self.read(data, thorough=thorough)

    def read(self, data: bytes, *, thorough: bool) -> Declared:
        """What is declared in the bytes of a manifest; one without any fault is decoded in one go."""
        manifest = decode(data, Manifest)
        if manifest is not None and _is_canonical(manifest):
            return Declared(manifest, self._repeated_keys(data) if thorough else ())
        from vtm.sources.manifest_salvage import salvage  # noqa: PLC0415  2 ms that sound files save

        return salvage(self.name, data, thorough=thorough)

    def _repeated_keys(self, data: bytes) -> Sequence[Defect]:
        from vtm.sources.document import Document  # noqa: PLC0415  2 ms that questions save

        return Document(self.name, data, "virtual-task-manifest").repeated_keys()


def _is_canonical(manifest: Manifest) -> bool:
    """Whether no value that decodes as it is should be read as another one."""
    names = {task.phase for task in manifest.tasks} | {task.slice for task in manifest.tasks}
    if any(task.declared_status for task in manifest.tasks):
        return False
    if manifest.status == "OK" and all(map(_is_plain, names)):
        return True
    from vtm.sources import tolerant  # noqa: PLC0415  1 ms, only for unusual names

    return tolerant.is_canonical_head_status(manifest.status) and all(map(tolerant.is_canonical_phase, names))


def _is_plain(name: str) -> bool:
    """Whether a phase or slice is surely written the way it is read: empty, or `Phase 1.2`."""
    word, _, number = name.partition(" ")
    return not name or (word in {"Phase", "Slice"} and number.isascii() and number.replace(".", "").isdigit())
