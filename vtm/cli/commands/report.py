"""`vtm report`."""

import click

from vtm.app.app import App
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.report import Report, report
from vtm.rules.rule import Need
from vtm.rules.runner import backlog_rules, judge


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Say what to go on with, where it hurts, what to escalate.

    Example:
      vtm report
      vtm report --json
    """
    way.show(way.ask(_report))
    return ExitCode.OK


def _report(app: App) -> Report:
    backlog, asked = app.backlog, backlog_rules()
    case = app.case(backlog, asked, more=(Need.PRD,))
    findings = app.placed(judge(case, asked))
    return report(backlog, case.readiness, case.facts, findings)
