"""`vtm spawn`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--runner", default="", metavar="NAME", help="What starts the agent; see [agents].")
@click.option("--agent", default="", metavar="NAME", help="What the agent is to be; see [agents].")
@click.option(
    "--parent", default="", envvar="VTM_SESSION", metavar="SESSION", help="Session that asks for it."
)
@click.option("--wait", is_flag=True, help="Wait for its end, and say what came of it.")
@answering()
def command(way: Way, task_id: str, runner: str, agent: str, parent: str, wait: bool) -> ExitCode:
    """Start one agent on one task, outside of a run.

    It is claimed, gets its worktree, and is checked in the end as in a run, but not merged. The command
    answers as soon as the agent runs; a process of its own attends to it. Where a session is at work on the
    task already, that one is named and nothing is started. It needs `pip install 'vtm[run]'`. Exit code 1: a
    gate holds the task back, or with --wait, it is not completed; 4: somebody else holds it.

    Example:
      vtm spawn AUTH--T01
      vtm spawn AUTH--T01 --runner codex --wait --json
    """
    from vtm.app.running.spawning import Wanted, spawned  # noqa: PLC0415  60 ms that help saves
    from vtm.engine.running.handed import Assigned  # noqa: PLC0415  comes with it

    answer = spawned(way.app, Wanted(task_id, Assigned(runner, agent), parent, wait))
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
