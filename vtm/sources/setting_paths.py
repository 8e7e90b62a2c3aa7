"""Paths in `vtm.toml`: inside the project, and each of a file of its own."""

import posixpath
import re
from collections.abc import Mapping

from vtm.errors import WrongUsageError
from vtm.model.settings import Settings

NAME = "vtm.toml"
_DRIVE = re.compile(r"[A-Za-z]:")


def check_apart(settings: Settings, lines: Mapping[str, int]) -> None:
    """Refuse one path for two files, of which one would be written over the other."""
    seen: dict[str, str] = {}
    for key in ("manifest", "state", "journal"):
        path = posixpath.normpath(getattr(settings.paths, key))
        if path in seen:
            line = max(lines.get(f"paths.{each}", 0) for each in (key, seen[path]))
            raise WrongUsageError(
                f"{NAME}: paths.{key} and paths.{seen[path]} are the same file, {path}",
                code="INVALID-SETTING",
                path=NAME,
                line=line,
                column=1,
                fix="give each a file of its own",
            )
        seen[path] = key


def check_inside(key: str, value: str | tuple[str, ...], line: int) -> None:
    """Refuse paths that are not below the root: a project that was cloned must not name files elsewhere."""
    for path in (value,) if isinstance(value, str) else value:
        parts = path.replace("\\", "/").split("/")
        below = parts[0] and ".." not in parts and not _DRIVE.match(path)
        if below or (not path and key in {"paths.prd", "prd.path"}):
            continue
        raise WrongUsageError(
            f"{NAME}: {key}: {path!r} is not a path below the root",
            code="INVALID-SETTING",
            path=NAME,
            line=line,
            column=1,
            fix="write it relative to the root, without `..`",
        )
