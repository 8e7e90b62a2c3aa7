"""Judges a backlog's files as `vtm validate` does."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.app.places import name_in
from vtm.errors import UnreadableError
from vtm.model.facts import Action
from vtm.model.finding import Finding
from vtm.model.settings import Paths, Settings
from vtm.queries.preflight import Preflight, preflight
from vtm.rules.registry import known, load
from vtm.rules.rule import Rule
from vtm.rules.runner import backlog_rules, gate_rules, judge

OF_FILES = ("GAP::UNREADABLE", "GAP::CONFLICT-MARKERS", "GAP::SCHEMA", "WARN::LENIENT-VALUE")
"""The rules that are left for a manifest that is damaged as a whole."""


def validated(app: App, *, strict: bool) -> list[Finding]:
    """What the backlog rules find in a project, each with line and column.

    Raises:
        UnreadableError: There is no backlog at all.
    """
    opened = Opened.read(app.project, app.settings.paths, thorough=True)
    if opened.declared.missing:
        raise opened.no_backlog()
    return app.placed(judged(app, opened, strict=strict))


def judged(app: App, opened: Opened, *, strict: bool) -> list[Finding]:
    """What the backlog rules find in files that were read; lines and columns are not told."""
    asked: list[Rule] = backlog_rules() if opened.declared.manifest else [load(code) for code in OF_FILES]
    return judge(app.case(opened.rest(), asked, strict=strict), asked)


def preflighted(app: App) -> tuple[Preflight, bool]:
    """Whether work may begin, and whether there is no backlog at all."""
    opened = Opened.read(app.project, app.settings.paths, thorough=True)
    judging = backlog_rules() if opened.declared.manifest else [load(code) for code in OF_FILES]
    asked = [*judging, *(rule for rule in gate_rules(Action.PREFLIGHT) if rule not in judging)]
    missing = (opened.manifest_path,) if opened.declared.missing else ()
    case = app.case(opened.rest(), asked, action=Action.PREFLIGHT, missing=missing)
    findings = app.placed(judge(case, asked))
    return preflight(case.backlog, case.facts, findings), bool(missing)


def narrowed(settings: Settings, select: Sequence[str], ignore: Sequence[str]) -> Settings:
    """`settings` with the codes of a command line: `select` replaces theirs, `ignore` adds to theirs.

    Raises:
        WrongUsageError: A code does not exist.
    """
    rules = settings.rules
    rules = msgspec.structs.replace(
        rules, select=tuple(select) or rules.select, ignore=(*rules.ignore, *ignore)
    )
    for pattern in (*rules.select, *rules.ignore, *rules.severity):
        known(pattern)
    return msgspec.structs.replace(settings, rules=rules)


def app_for(path: Path, app: App) -> App:
    """The app that judges what a user names: its folder, its state file, a task file, or any manifest.

    A manifest that is not the project's own has its state beside it, under the same name as the project's,
    and so are task files that belong to it.
    A file of a linked worktree is judged as it is there.

    Raises:
        UnreadableError: There is no such file, or it lies outside the project.
    """
    if path.is_dir():
        return App.at(path, app.now)
    there = _checkout_of(path, app)
    name = name_in(there.project.root, path)
    if not name or not path.exists():
        raise UnreadableError(
            f"{path} does not exist" if name else f"{path} lies outside the project",
            code="GAP::UNREADABLE",
            path=path.as_posix(),
            fix="name a manifest, a state file or a folder of this project",
        )
    paths = there.settings.paths
    if name in {paths.manifest, paths.state} or name.startswith(f"{paths.tasks}/"):
        return there
    return there.with_settings(msgspec.structs.replace(there.settings, paths=_beside(name, paths)))


def _checkout_of(path: Path, app: App) -> App:
    """The app for the file at `path`; in a linked worktree that checkout stands for the main one."""
    if name_in(app.project.root, path).startswith(f"{app.settings.paths.tasks}/"):
        return app  # outside git, a folder in which nothing is but task files is no project of its own
    there = App.at(path.absolute().parent, app.now)
    project = there.project
    if project.work == project.root or not name_in(project.work, path):
        return there
    return App(project._replace(root=project.work), app.now).with_settings(there.settings)


def _beside(manifest: str, paths: Paths) -> Paths:
    folder, _, _ = manifest.rpartition("/")
    state = paths.state.rpartition("/")[2]
    tasks = paths.tasks.rpartition("/")[2]
    state, tasks = (f"{folder}/{each}".lstrip("/") for each in (state, tasks))
    return msgspec.structs.replace(paths, manifest=manifest, state=state, tasks=tasks)
