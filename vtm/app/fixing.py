"""Mends what has one right answer in the files of a backlog: shown first, written only when asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import reduce
from typing import NamedTuple, Self

import msgspec

from vtm.app.app import App
from vtm.app.choosing_fixes import Choice
from vtm.app.declared import both
from vtm.app.locking import held
from vtm.app.mending import KINDS, Declarations, Replacing, StateRead
from vtm.app.opened import Opened
from vtm.app.validating import judged
from vtm.errors import UnreadableError
from vtm.model.finding import Finding, Location, Severity
from vtm.model.fixing import Fix, Planned, by_path, planned
from vtm.model.settings import Settings
from vtm.model.state import State
from vtm.model.unified_diff import unified_diff
from vtm.ports.mending import Mendable
from vtm.ports.reading import Declared
from vtm.queries.fixed import FixedFile, HeldBack, Mended
from vtm.queries.ingested import fresh
from vtm.queries.validation import fingerprint
from vtm.rules.runner import wanted
from vtm.stores.watched import replace_all


class _Project(NamedTuple):
    """A project's declarations as they were read, and what they are without settings that hide anything."""

    app: App
    opened: Opened
    kinds: Sequence[tuple[Declarations, Sequence[Mendable]]]

    @classmethod
    def read(cls, app: App) -> Self:
        state = StateRead.of(app)
        kinds = [each for kind in KINDS for each in kind(app, state)]
        paths = app.settings.paths
        opened = Opened.of(paths, _together([each.found for each in kinds], paths.manifest), state.recorded)
        if opened.declared.missing:
            raise opened.no_backlog()
        opened.refuse_damage()
        return cls(app, opened, [(each, each.files()) for each in kinds])

    @property
    def files(self) -> list[Mendable]:
        return [file for _, files in self.kinds for file in files]

    def judged(self, texts: Mapping[str, Mendable], *, strict: bool) -> list[Finding]:
        """What every backlog rule finds once the files are `texts`; empty: as they are."""
        opened = self.opened
        if texts:
            paths = self.app.settings.paths
            found = [kind.declared([texts[file.name] for file in files]) for kind, files in self.kinds]
            opened = Opened.of(paths, _together(found, paths.manifest), opened.recorded)
        return judged(self.app.with_settings(_showing_all(self.app.settings)), opened, strict=strict)

    def replacing(self, texts: Mapping[str, Mendable]) -> list[Replacing]:
        return [
            each
            for kind, files in self.kinds
            for each in kind.replacing([texts[file.name] for file in files])
        ]


class _Outcome(NamedTuple):
    """The plan that stands, the files after it, and what is found before and after."""

    plans: Sequence[Planned]
    texts: Mapping[str, Mendable]
    before: Sequence[Finding]
    after: Sequence[Finding]
    held_back: Sequence[HeldBack]
    unsafe: int


def fix(app: App, *, strict: bool, unsafe: bool, apply: bool) -> Mended:
    """What can be mended in a project's declared tasks; written if `apply` says so.

    Raises:
        UnreadableError: There is no backlog, or a file is damaged as a whole or has a key twice.
        ConflictError: Somebody else is writing, or changed a file meanwhile; nothing was written.
        ExternalError: The system refuses; nothing was changed.
    """
    with held(app) if apply else nullcontext():
        project = _Project.read(app)
        outcome = _outcome(project, strict=strict, unsafe=unsafe)
        fixes = _placed(project.files, outcome.plans)
        replacing = project.replacing(outcome.texts) if fixes else []
        if apply:
            replace_all(replacing, after_half="and take back what was written, as the difference shows it")
        left = outcome.after if apply and replacing else _as_before(outcome.before, outcome.after)
        chosen = app.settings.rules
        return Mended(
            fixes,
            outcome.unsafe,
            outcome.held_back,
            [_changed(each, written=apply) for each in replacing],
            app.placed([each for each in left if wanted(each.code, chosen.select, chosen.ignore)]),
            app.settings.paths.state,
        )


def _outcome(project: _Project, *, strict: bool, unsafe: bool) -> _Outcome:
    """The largest plan after which no error is found that was not there before."""
    files = project.files
    declaring = [file.declaring() for file in files]
    state = project.opened.recorded.state or State()
    choice = Choice(project.app.settings.rules, unsafe, state.tasks, {}, [])
    texts: Mapping[str, Mendable] = {}
    before = after = project.judged(texts, strict=strict)
    while plans := planned(declaring, choice.allows):
        texts, refused = _mended(files, plans)
        if refused:
            choice.leave(refused)
            continue
        after = project.judged(texts, strict=strict)
        errors = [each for each in fresh(before, after) if each.severity is Severity.ERROR]
        if not errors:
            break
        choice.hold_back(plans, errors)
    else:
        texts, after = {}, before
    bolder = choice._replace(unsafe=True, held={})
    more = planned(declaring, bolder.allows) if choice.passed_over else []
    count = sum(not each.fix.safe for each in more)
    return _Outcome(plans, texts, before, after, list(choice.held.values()), count)


def _together(found: Sequence[Declared], manifest: str) -> Declared:
    """What all kinds of files declare as one."""
    missing = Declared(None, missing=True)
    return reduce(lambda first, second: both(first, second, manifest), found, missing)


def _showing_all(settings: Settings) -> Settings:
    return msgspec.structs.replace(
        settings, rules=msgspec.structs.replace(settings.rules, select=(), ignore=())
    )


def _mended(
    files: Sequence[Mendable], plans: Sequence[Planned]
) -> tuple[dict[str, Mendable], list[tuple[Planned, str]]]:
    """The files after `plans`, and the plans of files that cannot be edited, each with the reason."""
    of_file = by_path(plans)
    texts, refused = {}, []
    for file in files:
        own = of_file.get(file.name, ())
        try:
            texts[file.name] = file.mended([each.edit for each in own]) if own else file
        except UnreadableError as error:
            line = f" (line {error.line})" if error.line else ""
            reason = f"{error.message}{line}; {error.fix}"
            refused += [(each, reason) for each in own]
    return texts, refused


def _placed(files: Sequence[Mendable], plans: Sequence[Planned]) -> list[Fix]:
    """The fixes with their lines and columns, in the order of the files."""
    of_file = by_path(plans)
    found = [each for file in files for each in _placed_in(file, of_file.get(file.name, ()))]
    return sorted(found, key=lambda each: (each.location.path, each.location.line, each.location.column))


def _placed_in(file: Mendable, plans: Sequence[Planned]) -> Iterator[Fix]:
    places = file.places({each.edit.pointer for each in plans}) if plans else {}
    for fix, edit, _ in plans:
        where = Location(file.name, *places[edit.pointer], pointer=edit.pointer)
        yield msgspec.structs.replace(fix, location=where)


def _as_before(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """`after` with the places of the same findings of `before`: the files are still the old ones."""
    known: dict[tuple[str, str, str], list[Finding]] = {}
    for each in reversed(before):
        known.setdefault(fingerprint(each), []).append(each)
    return [same.pop() if (same := known.get(fingerprint(each))) else each for each in after]


def _changed(replacing: Replacing, *, written: bool) -> FixedFile:
    file, data = replacing
    return FixedFile(file.name, unified_diff(file.name, file.data.decode(), data.decode()), written)
