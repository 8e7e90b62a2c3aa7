"""Files that come from another tool, and those that go to one."""

import os
import re
import shutil
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from vtm.errors import UnreadableError, WrongUsageError
from vtm.exchange.format import Format, WrongFormatError, format_names, load_format
from vtm.exchange.reading import File
from vtm.model.finding import Defect
from vtm.sources.files import Missing, read_bytes
from vtm.stores.new_file import NotCreatedError, create


def format_of(name: str) -> Format:
    """The format of this name.

    Raises:
        WrongUsageError: There is none; the nearest names are told.
    """
    known = format_names()
    if name in known:
        return load_format(name)
    near = get_close_matches(name.casefold(), known, 3, 0.5) or known
    raise WrongUsageError(
        f"there is no format {name}", code="UNKNOWN-FORMAT", fix=f"known are {', '.join(near)}"
    )


def input_files(form: Format, folder: Path, path: str) -> list[File]:
    """What a user names for input, relative to `folder`; files that cannot be read say so.

    Raises:
        UnreadableError: There is nothing, or a folder where a file should be, or the other way round.
    """
    place = folder / path
    if form.folders:
        return _in_folder(form, place, path)
    data = read_bytes(place, path)
    if isinstance(data, Missing):
        raise _missing(form, path)
    if isinstance(data, Defect):
        raise UnreadableError(
            data.message, code=data.damage.value, path=path, fix=f"expected is {form.expected}"
        )
    return [File(path, data)]


def not_taken(form: Format, folder: Path, path: str) -> list[str]:
    """What is in a folder, named as for `input_files`, and is not read, in sentences."""
    there = (Path(path, each).as_posix() for each in form.beside if (folder / path / each).is_file())
    return [f"{each} is not taken over: it holds settings and no task" for each in there]


def _missing(form: Format, path: str) -> UnreadableError:
    fix = f"expected is {form.expected}"
    return UnreadableError(f"{path} does not exist", code="GAP::UNREADABLE", path=path, fix=fix)


def _in_folder(form: Format, place: Path, path: str) -> list[File]:
    try:
        if not place.exists():
            raise _missing(form, path)
        if not place.is_dir():
            raise WrongFormatError.because(path, "is not a folder", form.expected)
        found = [each for pattern in form.folders for each in sorted(place.glob(pattern), key=_natural)]
        if not found:
            found = sorted(place.glob(f"*{Path(form.folders[0]).suffix}"), key=_natural)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise UnreadableError(
            f"{path} cannot be read: {reason}",
            code="GAP::UNREADABLE",
            path=path,
            fix=f"expected is {form.expected}",
        ) from None
    if not found:
        raise WrongFormatError.because(path, "holds no such files", form.expected)
    return [_file(place, each) for each in found]


def _natural(path: Path) -> list[tuple[int, str]]:
    """An order in which `task-9` comes before `task-10`."""
    parts = re.split(r"([0-9]{1,18})", path.name.casefold())
    return [(int(each), "") if each.isdecimal() and each.isascii() else (-1, each) for each in parts]


def _file(root: Path, path: Path) -> File:
    name = os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")
    if path.is_symlink():
        return File(name, b"", "is a symbolic link")
    data = read_bytes(path, name)
    if isinstance(data, bytes):
        return File(name, data)
    return File(name, b"", data.message.removeprefix(f"{name} ") if isinstance(data, Defect) else "is gone")


def write_files(form: Format, files: Sequence[File], target: Path, path: str) -> None:
    """Write an export to `target`, which a user calls `path` and which must not be there yet.

    Raises:
        WrongUsageError: Something is there already.
        NotCreatedError: The system refuses; nothing is left behind.
    """
    if not form.folders:
        if not create(target.parent, target.name, files[0].data):
            raise _taken(path)
        return
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise NotCreatedError.because(path, reason, "make its folder writable and run it again") from None
    try:
        for each in files:
            create(target, each.name, each.data)
    except NotCreatedError:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _taken(path: str) -> WrongUsageError:
    fix = "name a path at which there is nothing yet"
    return WrongUsageError(f"{path} is there already", code="ALREADY-THERE", path=path, fix=fix)
