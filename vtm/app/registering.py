"""Tells git how state and journal are merged, and where they may be committed."""

import shlex
from collections.abc import Iterator
from pathlib import Path

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
_HOOK = "pre-commit"


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
    """Set up merge driver, attributes and hook in the repository at `top`; what is there already stays.

    Raises:
        ExternalError: Git or the system refuses.
    """
    git, files = Registration(top), own_files(app)
    return [*_driver(git), _attributes(top, files), _hook(git, files)]


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


def _hook(git: Registration, files: OwnFiles) -> GitStep:
    call = " ".join(["vtm", *(["-C", shlex.quote(files.folder)] if files.folder else []), "hook pre-commit"])
    elsewhere = git.setting("core.hooksPath")
    if elsewhere is not None:
        where = f"core.hooksPath is {elsewhere or 'empty'}"
        return GitStep(_HOOK, "by-hand", f"{where}: add `{call}` to the pre-commit hook there")
    hook = git.hooks() / _HOOK
    text = template("pre-commit").replace(b"@FOLDER@", shlex.quote(files.folder or ".").encode())
    text = text.replace(b"@CALL@", call.encode())
    if create(hook.parent, _HOOK, text):
        hook.chmod(0o755)
        return GitStep(_HOOK, "set")
    try:
        calls = b"hook pre-commit" in hook.read_bytes()
    except OSError:
        calls = False
    if calls:
        return GitStep(_HOOK, "kept")
    return GitStep(_HOOK, "by-hand", f"there is a pre-commit hook, which stays: add `{call}` to it")
