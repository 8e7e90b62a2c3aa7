"""Whether the program of an agent is there, and knows what it is to be."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from vtm.errors import ExternalError, WrongUsageError
from vtm.model.naming import nearest


def check_program(name: str, folder: str, fix: str = "") -> None:
    """Find `name` on PATH; a name with a slash is a path, seen from `folder`.

    Raises:
        ExternalError: There is no such program.
    """
    place = str(Path(folder) / name) if "/" in name else name
    if shutil.which(place) is None:
        raise ExternalError(
            f"the program {name} of the agent is not there, or cannot be run",
            code="AGENT-MISSING",
            fix=fix or "install it or put it on PATH, or choose another runner under [agents]",
        )


def unknown_agent(agent: str, what: str, known: Sequence[str], fix: str) -> WrongUsageError:
    """The error of an agent that a client does not have; `known` are those that it has."""
    near = nearest(agent, known)
    offered = f"did you mean {' or '.join(near)}? Else {fix}" if near else fix
    named = f"; it has {', '.join(known)}" if known and not near else ""
    return WrongUsageError(f"the agent {agent} {what}{named}", code="UNKNOWN-AGENT", fix=offered)
