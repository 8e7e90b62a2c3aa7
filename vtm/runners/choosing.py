"""Runners by their names."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from vtm.errors import WrongUsageError
from vtm.model.agent_settings import Program
from vtm.ports.agents import AgentRunner

_OWN = "command"
"""The client that is any program: it is there only under the names that settings give it."""


def clients() -> list[str]:
    """The clients that vtm knows by name."""
    found = (each.stem for each in (Path(__file__).parent / "clients").glob("[!_]*.py"))
    return sorted(name for name in found if name != _OWN)


def runner_named(name: str, programs: Mapping[str, Program]) -> AgentRunner:
    """The runner that is called so: a client that vtm knows, else a program of the settings.

    Raises:
        WrongUsageError: Nothing is.
    """
    program = programs.get(name, Program())
    known = clients()
    if name in known:
        made: AgentRunner = import_module(f"vtm.runners.clients.{name}").Runner(program.command, program.args)
        return made
    if not program.command:
        if name in programs:
            raise WrongUsageError(
                f"the runner {name} has no command",
                code="UNKNOWN-RUNNER",
                path="vtm.toml",
                fix=f'set [runners.{name}] command = ["program"]',
            )
        raise _unknown(name, [*known, *(each for each in programs if programs[each].command)])
    own: AgentRunner = import_module(f"vtm.runners.clients.{_OWN}").Runner((*program.command, *program.args))
    return own


def _unknown(name: str, known: list[str]) -> WrongUsageError:
    from difflib import get_close_matches  # noqa: PLC0415  2 ms, only for a wrong name

    near = get_close_matches(name, known, 1)
    offered = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return WrongUsageError(
        f"there is no runner {name}",
        code="UNKNOWN-RUNNER",
        path="vtm.toml",
        fix=f'{offered}; a program of your own is set with [runners.{name}] command = ["program"]',
    )
