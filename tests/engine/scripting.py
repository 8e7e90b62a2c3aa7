"""Projects for scripted agents, and what they have written down."""

import fcntl
import json
import sys
from pathlib import Path
from typing import NamedTuple

from tests.engine import scripted_agent

SCRIPT = Path(scripted_agent.__file__)
AGENT = (sys.executable, "-I", "-S", str(SCRIPT))
"""What starts a scripted agent, but for its place."""


class Plan(NamedTuple):
    """What the agents of a project do.

    Attributes:
        place: Their folder, outside the repository.
        main: The main worktree, where somebody else changes files.
    """

    place: Path
    main: Path

    @property
    def argv(self):
        """The program to set as the agent."""
        return [*AGENT, str(self.place)]

    def write(self, files, acts=None, seconds=None):
        """Say what each task is: its files, what is done at each attempt, and how long that takes."""
        self.place.mkdir(parents=True, exist_ok=True)
        plan = {"files": files, "acts": acts or {}, "seconds": seconds or {}, "main": str(self.main)}
        (self.place / "plan.json").write_text(json.dumps(plan), "utf-8")
        return self

    @property
    def audit(self):
        """The lines of the audit log."""
        log = self.place / "audit.jsonl"
        return [json.loads(line) for line in log.read_bytes().splitlines()] if log.exists() else []

    @property
    def alive(self):
        """Who lives now, of the agents and of all that they have started."""
        return scripted_agent.alive(self.place)

    def pid(self, name):
        """Which process it is that lives under this name."""
        return int((self.place / "alive" / name.replace("/", "%")).read_bytes())

    def wait_for(self, name):
        """Wait until nobody lives under this name."""
        with (self.place / "alive" / name.replace("/", "%")).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
