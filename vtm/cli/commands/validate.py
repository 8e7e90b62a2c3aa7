"""`vtm validate`."""

from collections.abc import Sequence
from pathlib import Path

import click

from vtm.app.validating import app_for, narrowed, validated
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.finding import Finding
from vtm.queries.validation import Validation, validation
from vtm.rendering.finding_formats import finding_formats, render_findings
from vtm.rendering.rule_summary import RuleSummary
from vtm.rules.rule import Rule
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
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@answering(*finding_formats())
def command(
    way: Way,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    paths: tuple[Path, ...],
) -> ExitCode:
    """Say what is wrong with the backlog.

    PATHS are manifests or folders of projects; without any, the project at hand is judged. Whether git is
    clean does not matter here: `vtm preflight` asks about that.
    Exit code 1: there are errors, or with --strict warnings.

    \b
    Example:
      vtm validate
      vtm validate --strict --ignore WARN::AC-UNCOVERED
      vtm validate --json > known.json; vtm validate --baseline known.json
      vtm validate --format sarif > vtm.sarif
    """  # noqa: D301
    known = load_baseline(baseline) if baseline else frozenset()
    found: list[Finding] = []
    for app in [app_for(path, way.app) for path in paths] or [way.app]:
        asked = app.with_settings(narrowed(app.settings, select, ignore))
        found += validated(asked, strict=strict)
    answer = validation(found, strict=strict, baseline=known)
    _show(way, answer, selected(backlog_rules(), select, ignore))
    return ExitCode.OK if answer.ok else ExitCode.NO


def _show(way: Way, answer: Validation, ran: Sequence[Rule]) -> None:
    if way.format in finding_formats():
        rules = [RuleSummary(rule.code, rule.summary, rule.documentation, rule.severity) for rule in ran]
        way.write(render_findings(way.format, answer, rules).rstrip("\n"))
    else:
        way.show(answer)
