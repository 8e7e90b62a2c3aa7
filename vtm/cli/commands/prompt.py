"""`vtm prompt`."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from vtm.app.prompting import DEFAULT, Asked, prompt_for, templates
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Pairs, Said
from vtm.errors import ExitCode
from vtm.model.naming import task_named
from vtm.queries.audience import AUDIENCES


class _What(NamedTuple):
    """Which prompt is asked for; `template` None: the usual one, or all of them."""

    tasks: Sequence[str]
    template: str | None
    budget: int | None
    asked: Asked


def _asking(function: Callable[..., int]) -> Callable[..., int]:
    """Give the command what says which prompt it is, and hand it that as `what`."""

    @click.argument("tasks", metavar="[TASK...]", nargs=-1)
    @click.option("--template", metavar="NAME", help=f"Template to render; {DEFAULT} where none is named.")
    @click.option("--for", "audience", type=click.Choice(list(AUDIENCES)), help="Whose tools it names.")
    @click.option(
        "--budget", type=click.IntRange(min=1), metavar="N", help="At most N tokens, 4 characters each."
    )
    @click.option("--agent", type=Said(), envvar="VTM_AGENT", metavar="NAME", help="Who takes the task up.")
    @click.option("--group", type=click.IntRange(min=1), metavar="K", help="Which group of tasks this is.")
    @click.option("--groups", type=click.IntRange(min=1), metavar="N", help="Of how many.")
    @click.option(
        "--substitute",
        "substitutions",
        type=Pairs("OLD=NEW"),
        multiple=True,
        metavar="OLD=NEW",
        help="Use NEW for what the design calls OLD; repeatable.",
    )
    @functools.wraps(function)
    def wrapped(
        tasks: Sequence[str],
        template: str | None,
        audience: str | None,
        budget: int | None,
        agent: str | None,
        group: int | None,
        groups: int | None,
        substitutions: Sequence[tuple[str, str]],
        **options: Any,
    ) -> int:
        if (group or 0) > (groups or group or 0):
            raise click.UsageError(f"There is no group {group} of {groups}.")
        asked = Asked(audience or "plain", agent or "", group or 0, groups or 0, substitutions)
        return function(what=_What(tuple(dict.fromkeys(tasks)), template, budget, asked), **options)

    return wrapped


@click.command()
@_asking
@click.option("--list", "list_", is_flag=True, help="List the templates instead.")
@click.option("--check", is_flag=True, help="Render each template for each task instead.")
@answering()
def command(way: Way, what: _What, list_: bool, check: bool) -> ExitCode:
    """Print what an agent needs to do one task.

    The templates batch-coordinator and after-action-review take several tasks. With --check, exit code 1
    says that a template fails. A project's own templates lie in .vtm/templates.

    Example:
      vtm prompt AUTH--T02
      vtm prompt AUTH--T02 --template implement-worker --for claude --substitute Mija=Poppins
      vtm prompt --list
      vtm prompt --check
    """
    if list_ and check:
        raise click.UsageError("--list and --check exclude one another.")
    if list_:
        way.show(templates(way.app))
        return ExitCode.OK
    return _check(way, what) if check else _prompt(way, what)


def _check(way: Way, what: _What) -> ExitCode:
    from vtm.app.checking_prompts import checked  # noqa: PLC0415  1 ms, only when it is asked for

    backlog = way.app.backlog
    tasks = [task_named(backlog, each) for each in what.tasks] or backlog.tasks
    answer = checked(way.app, tasks, [] if what.template is None else [what.template], what.asked.audience)
    way.show(answer)
    return ExitCode.NO if answer.failures else ExitCode.OK


def _prompt(way: Way, what: _What) -> ExitCode:
    if not what.tasks:
        raise click.UsageError("Missing argument 'TASK'.")
    backlog = way.app.backlog
    task, *others = (task_named(backlog, each) for each in what.tasks)
    name = DEFAULT if what.template is None else what.template
    answer = prompt_for(
        way.app, task, name, what.asked.audience, what.budget, others=others, asked=what.asked
    )
    way.show(answer)
    return ExitCode.OK
