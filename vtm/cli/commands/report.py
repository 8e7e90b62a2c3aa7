"""`vtm report`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.report import report
from vtm.rules.rule import Need
from vtm.rules.runner import backlog_rules, judge


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Tell a coordinator what to go on with, where it hurts and what to escalate.

    \b
    Example:
      vtm report
      vtm report --json
    """  # noqa: D301
    backlog, asked = way.app.backlog, backlog_rules()
    case = way.app.case(backlog, asked, more=(Need.PRD,))
    findings = way.app.placed(judge(case, asked))
    way.show(report(backlog, case.readiness, case.facts, findings))
    return ExitCode.OK
