"""`vtm notify`."""

import click

from vtm.app.notifying import Obstacle, given_up, informed, worker
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said, calling
from vtm.cli.saying import SaidOrSent
from vtm.errors import ExitCode
from vtm.model.facts import Caller
from vtm.model.message import Level


@click.command()
@click.argument("text", type=SaidOrSent(), metavar="TEXT")
@click.option(
    "--level",
    type=click.Choice([each.value for each in Level]),
    default=Level.INFO.value,
    help="`blocking`: you cannot go on.",
)
@click.option("--task", type=Said(), envvar="VTM_TASK", metavar="TASK", help="What it is about.")
@click.option("--wanted", type=Said(), metavar="TEXT", help="What was to be reached.")
@click.option("--tried", type=Said(), metavar="TEXT", help="What was tried.")
@click.option("--suggest", type=Said(), metavar="TEXT", help="What might help.")
@click.option("--create-resolver", is_flag=True, help="Add a task for that, which this one waits for.")
@calling
@answering()
def command(
    way: Way,
    text: str,
    level: str,
    task: str | None,
    wanted: str | None,
    tried: str | None,
    suggest: str | None,
    create_resolver: bool,
    caller: Caller,
) -> ExitCode:
    """Tell the coordinator something.

    That is for the agent that works at a task, whose lease it renews. With `--level blocking` it is the safe
    exit, and TEXT says what went wrong: what is not committed is committed on the branch of the task, the
    task is blocked, and its lease is over.

    Example:
      vtm notify "Two of three criteria are met"
      vtm notify "No mail server" --level blocking --wanted "A mail" --tried "Two hosts" --suggest "A third"
    """
    parts = {"--wanted": wanted, "--tried": tried, "--suggest": suggest}
    if level == Level.INFO:
        _refuse([name for name, said in parts.items() if said] + ["--create-resolver"] * create_resolver)
        way.show(informed(way.app, worker(way.app, task or "", caller), text))
        return ExitCode.OK
    _demand([name for name, said in parts.items() if not said])
    engine = recorder(way.app)
    why = Obstacle(wanted or "", text, tried or "", suggest or "")
    answer = given_up(
        way.app, engine, worker(way.app, task or "", caller), why, create_resolver=create_resolver
    )
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK


def _refuse(given: list[str]) -> None:
    if given:
        raise click.UsageError(f"Only with --level blocking: {', '.join(given)}.")


def _demand(missing: list[str]) -> None:
    if missing:
        raise click.UsageError(
            "who cannot go on says what was wanted, what went wrong, what was tried and what might help: "
            f"add {' and '.join(missing)}."
        )
