"""Folders in which worktrees are."""

import os
from contextlib import suppress
from pathlib import Path


def remove_empty(folder: Path, top: Path) -> None:
    """Remove `folder` and those above it, up to `top`, as long as nothing is in them."""
    with suppress(OSError):
        while folder != top and folder.is_relative_to(top):
            folder.rmdir()
            folder = folder.parent


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one place, whether or not anything is there."""
    return os.path.realpath(one) == os.path.realpath(other)
