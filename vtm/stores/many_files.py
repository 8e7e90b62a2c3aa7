"""Many files at once: created all or none, removed only if nobody has changed them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from vtm.errors import ExternalError
from vtm.stores.new_file import NotCreatedError, create
from vtm.stores.watched import Watched


@contextmanager
def created(root: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Create `files`, by their names below `root`; where that or what is done with them fails, none is left.

    Raises:
        NotCreatedError: One is there already, or the system refuses.
    """
    made: list[str] = []
    done = False
    try:
        for name, data in files.items():
            if not create(root, name, data):
                raise NotCreatedError.because(name, "it exists", "move it away and run it again")
            made.append(name)
        yield
        done = True
    finally:
        if not done:
            for name in made:
                with suppress(OSError):  # what cannot be removed is found by whoever runs it again
                    (root / name).unlink()
            for name in files:
                _without_empty_folders(root, root / name)


def removed(root: Path, files: Sequence[Watched]) -> list[str]:
    """Remove files and the folders that are empty without them; returns their names.

    Raises:
        ConflictError: One was changed since it was read; none was removed.
        ExternalError: The system refuses; it says how many are gone.
    """
    for each in files:
        each.refuse_change()
    for at, each in enumerate(files):
        try:
            each.path.unlink()
        except OSError as error:
            raise ExternalError(
                f"{each.name} cannot be removed: {(error.strerror or 'it failed').lower()}; "
                f"{at} of {len(files)} files were, and all tasks are in their new place",
                code="NOT-REMOVED",
                path=each.name,
                fix="remove the rest by hand",
            ) from None
        _without_empty_folders(root, each.path)
    return [each.name for each in files]


def _without_empty_folders(root: Path, path: Path) -> None:
    for folder in path.parents:
        if folder == root or (folder.exists() and any(folder.iterdir())):
            return
        with suppress(OSError):  # it is not there, or nobody may remove it
            folder.rmdir()
