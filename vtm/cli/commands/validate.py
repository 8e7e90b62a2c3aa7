"""`vtm validate`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import click
import msgspec

from vtm.app.app import App
from vtm.app.validating import app_for, narrowed, validated
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting
from vtm.errors import ExitCode
from vtm.model.finding import Finding
from vtm.queries.budget import within
from vtm.queries.fixed import Mended, below, fixed
from vtm.queries.validation import Validation, validation
from vtm.rendering.finding_formats import finding_formats, render_findings
from vtm.rendering.rule_summary import RuleSummary
from vtm.rules.runner import backlog_rules, selected
from vtm.sources.baseline import load_baseline

Known = Collection[tuple[str, str, str]]
"""Fingerprints of findings in a baseline."""


@click.command()
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--select", multiple=True, metavar="CODE", help="Only this code or family; repeatable.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not this code or family; repeatable.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out what FILE knows: an earlier output of `vtm validate --json`.",
)
@click.option("--fix", is_flag=True, help="Show how to mend what has one right answer.")
@click.option("--unsafe", is_flag=True, help="With --fix: also what changes what vtm reads.")
@click.option("--apply", is_flag=True, help="With --fix: write it.")
@budgeting
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@answering(*finding_formats())
def command(
    way: Way,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    fix: bool,
    unsafe: bool,
    apply: bool,
    budget: int | None,
    paths: tuple[Path, ...],
) -> ExitCode:
    """Say what is wrong with the backlog.

    PATHS are manifests or folders of projects, each judged once; without any, it is the project at hand.
    Whether git is clean does not matter here: `vtm preflight` asks about that.
    With --fix, the difference is shown that mends ids listed twice, conflicts that one side does not list,
    values in another form and, with --unsafe, ids in another letter case; --apply writes it.
    Exit code 1: there are errors, with --strict warnings, or with --fix fixes that were not written.

    Example:
      vtm validate
      vtm validate --strict --ignore WARN::AC-UNCOVERED
      vtm validate --json > known.json; vtm validate --baseline known.json
      vtm validate --format sarif > vtm.sarif
      vtm validate --fix; vtm validate --fix --apply
    """
    _refuse_contradictions(way, budget, fix=fix, only_with_fix={"--unsafe": unsafe, "--apply": apply})
    known = load_baseline(way.folder / baseline) if baseline else frozenset()
    apps = [app.with_settings(narrowed(app.settings, select, ignore)) for app in _named(paths, way)]
    if fix:
        return _fix(way, apps, known, strict=strict, unsafe=unsafe, apply=apply)
    found = [each for app in apps for each in _seen_from(way.app, app, validated(app, strict=strict))]
    answer = validation(found, strict=strict, baseline=known)
    _show(way, within(answer, budget, ("findings",)) if budget else answer, apps)
    return ExitCode.OK if answer.ok else ExitCode.NO


def _named(paths: Sequence[Path], way: Way) -> Iterable[App]:
    """What is to be judged, each once: a manifest, its state file and its folder are the same."""
    apps = [app_for(way.folder / path, way.app) for path in paths] or [way.app]
    return {(app.project.root.resolve(), app.settings.paths): app for app in apps}.values()


def _refuse_contradictions(
    way: Way, budget: int | None, *, fix: bool, only_with_fix: Mapping[str, bool]
) -> None:
    """Let no options pass that mean nothing together.

    Raises:
        click.UsageError: There are such.
    """
    if not fix:
        for option in (name for name, given in only_with_fix.items() if given):
            raise click.UsageError(f"{option} is for --fix.")
    elif way.format in finding_formats():
        raise click.UsageError(f"--fix has no format {way.format}; it can be text or json.")
    elif budget:
        raise click.UsageError("--budget cuts findings; a difference that --fix shows is not cut.")


def _fix(way: Way, apps: Sequence[App], known: Known, *, strict: bool, unsafe: bool, apply: bool) -> ExitCode:
    mended = _mended(way.app, apps, strict=strict, unsafe=unsafe, apply=apply)
    left = [finding for each in mended for finding in each.left]
    answer = fixed(mended, validation(left, strict=strict, baseline=known), applied=apply)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO


def _mended(here: App, apps: Sequence[App], *, strict: bool, unsafe: bool, apply: bool) -> list[Mended]:
    """What is mended in each project; where several are written, none is before all can be."""
    from vtm.app.fixing import fix  # noqa: PLC0415  4 ms that a plain `validate` saves

    if apply and len(apps) > 1:
        for app in apps:
            fix(app, strict=strict, unsafe=unsafe, apply=False)
    found = []
    for app in apps:
        mended = fix(app, strict=strict, unsafe=unsafe, apply=apply)
        folder = _folder_of(app, here)
        found.append(below(folder.as_posix(), mended) if folder else mended)
    return found


def _folder_of(app: App, here: App) -> Path | None:
    """What to put before paths of `app`, to tell its project from the one at hand; None: it is that one."""
    root, at = app.project.root.resolve(), here.project.root.resolve()
    if root in {at, here.project.work.resolve()}:
        return None
    return root.relative_to(at) if root.is_relative_to(at) else root


def _seen_from(here: App, app: App, findings: Sequence[Finding]) -> Iterable[Finding]:
    """`findings` of `app`, with paths that tell its project from the one at hand."""
    prefix = _folder_of(app, here)
    return [_below(prefix, each) for each in findings] if prefix else findings


def _below(folder: Path, finding: Finding) -> Finding:
    where = msgspec.structs.replace(finding.location, path=(folder / finding.location.path).as_posix())
    return msgspec.structs.replace(finding, location=where)


def _show(way: Way, answer: Validation, apps: Iterable[App]) -> None:
    if way.format in finding_formats():
        chosen = [app.settings.rules for app in apps]
        ran = {rule for each in chosen for rule in selected(backlog_rules(), each.select, each.ignore)}
        rules = [
            RuleSummary(rule.code, rule.summary, rule.documentation, rule.severity)
            for rule in backlog_rules()
            if rule in ran
        ]
        way.write(render_findings(way.format, answer, rules).rstrip("\n"))
    else:
        way.show(answer)
