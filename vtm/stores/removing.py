"""Takes folders away: at once for whoever looks, and then for good."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_IRWXU


def set_aside(folder: Path, aside: Path) -> Path:
    """Move `folder` into a new folder of `aside`; where it is then.

    Raises:
        OSError: It may not be moved; it is where it was.
    """
    aside.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=aside)) / folder.name
    try:
        return folder.rename(place)
    except OSError:
        place.parent.rmdir()
        raise


def put_back(place: Path, folder: Path) -> None:
    """Undo `set_aside`."""
    place.rename(folder)
    place.parent.rmdir()


def left_over(aside: Path) -> list[Path]:
    """What processes have moved into `aside` and not yet deleted, or died over."""
    return list(aside.iterdir()) if aside.is_dir() else []


def discard(folder: Path) -> None:
    """Delete `folder`, as far as the system lets it; folders in it that forbid it are made writable."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    for above, names, _ in os.walk(folder):
        for each in (Path(above), *(Path(above, name) for name in names)):
            with suppress(OSError):
                if not each.is_symlink():
                    each.chmod(S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
