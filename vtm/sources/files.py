"""Bytes of a file, or what is wrong with it."""

from pathlib import Path
from stat import S_ISDIR, S_ISREG

from vtm.model.finding import Damage, Defect, Location
from vtm.sources.decoder import MalformedError


class Missing:
    """There is no such file."""


def read_bytes(path: Path, name: str) -> bytes | Missing | Defect:
    """Read a regular file; `name` is what findings call it. Pipes and devices are refused, not waited for."""
    try:
        mode = path.stat().st_mode
        if S_ISREG(mode):
            return path.read_bytes()
        kind = "a directory" if S_ISDIR(mode) else "not a regular file"
        return unreadable(name, f"is {kind}", "put the file in its place")
    except FileNotFoundError:
        return Missing()
    except OSError as error:
        reason = (error.strerror or "failed").lower()
        return unreadable(name, f"cannot be read: {reason}", "make it readable")
    except ValueError:
        return unreadable(name, "cannot be the name of a file", "correct the name")


def unreadable(name: str, problem: str, fix: str) -> Defect:
    """A file that cannot be used as a whole."""
    return Defect(Damage.UNREADABLE, f"{name} {problem}", Location(name, 1, 1), fix)


def malformed(name: str, data: bytes, error: MalformedError) -> Defect:
    """A file whose bytes are not one JSON document."""
    from vtm.sources.positions import position  # noqa: PLC0415  2 ms that sound files save

    what = error.args[0]
    damage = Damage.CONFLICT_MARKERS if what.conflict else Damage.UNREADABLE
    return Defect(damage, f"{name} {what.message}", Location(name, *position(data, what.offset)), what.fix)
