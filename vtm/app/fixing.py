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
from vtm.app.mending import KINDS, Declarations, Replacing
from vtm.app.opened import Opened
from vtm.app.validating import judged
from vtm.model.finding import Finding, Location, Severity
from vtm.model.fixing import DeclaringFile, Entry, Fix, Planned, by_path, planned
from vtm.model.settings import Settings
from vtm.model.unified_diff import unified_diff
from vtm.ports.mending import Mendable
from vtm.queries.fixed import FixedFile, HeldBack, Mended
from vtm.queries.ingested import fresh
from vtm.queries.validation import fingerprint
from vtm.rules.runner import wanted
from vtm.stores.watched import replace_all


class _Project(NamedTuple):
    """A project's declarations as they were read, and what they are without settings that hide anything."""

    app: App
    opened: Opened
    kinds: Sequence[Declarations]

    @classmethod
    def read(cls, app: App) -> Self:
        opened = Opened.read(app.project, app.settings.paths, thorough=True)
        if opened.declared.missing:
            raise opened.no_backlog()
        opened.refuse_damage()
        return cls(app, opened, [each for kind in KINDS for each in kind(app)])

    @property
    def files(self) -> list[Mendable]:
        return [file for kind in self.kinds for file in kind.files]

    def judged(self, texts: Mapping[str, Mendable], *, strict: bool) -> list[Finding]:
        """What every backlog rule finds once the files are `texts`."""
        paths = self.app.settings.paths
        found = [kind.declared([texts[file.name] for file in kind.files]) for kind in self.kinds]
        declared = reduce(lambda first, second: both(first, second, paths.manifest), found)
        opened = Opened.of(paths, declared, self.opened.recorded)
        return judged(self.app.with_settings(_showing_all(self.app.settings)), opened, strict=strict)

    def replacing(self, texts: Mapping[str, Mendable]) -> list[Replacing]:
        return [
            each for kind in self.kinds for each in kind.replacing([texts[file.name] for file in kind.files])
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
    backlog = project.opened.rest()
    others = DeclaringFile("", [Entry(task.task_id) for task in backlog.tasks])
    declaring = [*(file.declaring() for file in files), others]
    choice = Choice(project.app.settings.rules, unsafe, backlog.state.tasks, {})
    texts: Mapping[str, Mendable] = {file.name: file for file in files}
    before = after = project.judged(texts, strict=strict)
    while plans := planned(declaring, choice.allows):
        of_file = by_path(plans)
        texts = {file.name: _mended(file, of_file.get(file.name, ())) for file in files}
        after = project.judged(texts, strict=strict)
        errors = [each for each in fresh(before, after) if each.severity is Severity.ERROR]
        if not errors:
            break
        choice.hold_back(plans, errors)
    else:
        texts, after = {file.name: file for file in files}, before
    more = planned(declaring, choice._replace(unsafe=True, held={}).allows) if not unsafe else []
    count = sum(not each.fix.safe for each in more)
    return _Outcome(plans, texts, before, after, list(choice.held.values()), count)


def _showing_all(settings: Settings) -> Settings:
    return msgspec.structs.replace(
        settings, rules=msgspec.structs.replace(settings.rules, select=(), ignore=())
    )


def _mended(file: Mendable, plans: Sequence[Planned]) -> Mendable:
    return file.mended([each.edit for each in plans]) if plans else file


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
