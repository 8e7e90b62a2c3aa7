"""`vtm validate`."""

from collections.abc import Iterable, Sequence
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
from vtm.queries.validation import Validation, validation
from vtm.rendering.finding_formats import finding_formats, render_findings
from vtm.rendering.rule_summary import RuleSummary
from vtm.rules.runner import backlog_rules, selected
from vtm.sources.baseline import load_baseline


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
@budgeting
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@answering(*finding_formats())
def command(
    way: Way,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    budget: int | None,
    paths: tuple[Path, ...],
) -> ExitCode:
    """Say what is wrong with the backlog.

    PATHS are manifests or folders of projects, each judged once; without any, it is the project at hand.
    Whether git is clean does not matter here: `vtm preflight` asks about that.
    Exit code 1: there are errors, or with --strict warnings.

    Example:
      vtm validate
      vtm validate --strict --ignore WARN::AC-UNCOVERED
      vtm validate --json > known.json; vtm validate --baseline known.json
      vtm validate --format sarif > vtm.sarif
    """
    known = load_baseline(way.folder / baseline) if baseline else frozenset()
    apps = [app.with_settings(narrowed(app.settings, select, ignore)) for app in _named(paths, way)]
    found = [each for app in apps for each in _seen_from(way.app, app, validated(app, strict=strict))]
    answer = validation(found, strict=strict, baseline=known)
    _show(way, within(answer, budget, ("findings",)) if budget else answer, apps)
    return ExitCode.OK if answer.ok else ExitCode.NO


def _named(paths: Sequence[Path], way: Way) -> Iterable[App]:
    """What is to be judged, each once: a manifest, its state file and its folder are the same."""
    apps = [app_for(way.folder / path, way.app) for path in paths] or [way.app]
    return {(app.project.root.resolve(), app.settings.paths): app for app in apps}.values()


def _seen_from(here: App, app: App, findings: Sequence[Finding]) -> Iterable[Finding]:
    """`findings` of `app`, with paths that tell its project from the one at hand."""
    root, at = app.project.root.resolve(), here.project.root.resolve()
    if root in {at, here.project.work.resolve()}:
        return findings
    prefix = root.relative_to(at) if root.is_relative_to(at) else root
    return [_below(prefix, each) for each in findings]


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
