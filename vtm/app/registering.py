"""Tells git how state and journal are merged, and where they may be committed."""

import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from vtm.app.app import App
from vtm.app.own_files import OwnFiles, own_files
from vtm.errors import WrongUsageError
from vtm.git.attributes import extended
from vtm.git.registering import Registration
from vtm.queries.initialised import GitStep
from vtm.stores.durable import refused, replace_file
from vtm.stores.new_file import create
from vtm.templates.starter import template

ATTRIBUTES = ".gitattributes"
_DRIVER = {
    "merge.vtm.name": "state of vtm, entry by entry",
    "merge.vtm.driver": "vtm git-merge %O %A %B %P",
}
_HOOKS = {"pre-commit": "", "prepare-commit-msg": ' "$@"', "commit-msg": ' "$1"'}
"""Each with what git hands to it."""


def repository_of(app: App) -> Path:
    """The top level of the main worktree.

    Raises:
        WrongUsageError: The project is outside git.
    """
    if app.project.repository is None:
        where = app.project.root.name or app.project.root.as_posix()
        raise WrongUsageError(
            f"{where} is not in a git repository, and --git sets one up",
            code="NOT-A-REPOSITORY",
            fix="run `git init` first, or leave out --git",
        )
    return app.project.repository


def registered(app: App, top: Path) -> list[GitStep]:
    """Set up merge driver, attributes and hooks in the repository at `top`; what is there already stays.

    Raises:
        ExternalError: Git or the system refuses.
    """
    git, files = Registration(top), own_files(app)
    return [*_driver(git), _attributes(top, files), *(_hook(git, files, name) for name in _HOOKS)]


def _driver(git: Registration) -> Iterator[GitStep]:
    for key, value in _DRIVER.items():
        found = git.setting(key)
        if found is None:
            git.set(key, value)
            yield GitStep(key, "set")
        elif found == value:
            yield GitStep(key, "kept")
        else:
            yield GitStep(key, "kept", f"it is `{found}`; vtm would set `{value}`")


def _attributes(top: Path, files: OwnFiles) -> GitStep:
    path = top / ATTRIBUTES
    try:
        before = path.read_bytes() if path.exists() else b""
        after = extended(before, {files.state: "merge=vtm", files.journal: "merge=union"})
        if after == before:
            return GitStep(ATTRIBUTES, "kept")
        replace_file(path, after)
    except OSError as error:
        raise refused(ATTRIBUTES, error) from None
    return GitStep(ATTRIBUTES, "set")


def _hook(git: Registration, files: OwnFiles, name: str) -> GitStep:
    there = ["-C", shlex.quote(files.folder)] if files.folder else []
    call = " ".join(["vtm", *there, f"hook {name}"])
    elsewhere = git.setting("core.hooksPath")
    if elsewhere is not None:
        where = f"core.hooksPath is {elsewhere or 'empty'}"
        return GitStep(name, "by-hand", f"{where}: add `{call}{_HOOKS[name]}` to the {name} hook there")
    hook = git.hooks() / name
    text = template(name).replace(b"@FOLDER@", shlex.quote(files.folder or ".").encode())
    text = text.replace(b"@UP@", b"../" * len(PurePosixPath(files.folder).parts)).replace(
        b"@CALL@", call.encode()
    )
    if create(hook.parent, name, text):
        hook.chmod(0o755)
        return GitStep(name, "set")
    try:
        calls = f"hook {name}".encode() in hook.read_bytes()
    except OSError:
        calls = False
    if calls:
        return GitStep(name, "kept")
    return GitStep(name, "by-hand", f"there is a {name} hook, which stays: add `{call}{_HOOKS[name]}` to it")
