"""Settings: every one has a default, so that a project needs no `vtm.toml`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from vtm.model.agent_settings import Agents, Program
from vtm.model.gate_settings import Gate

Duration = Annotated[str, Meta(pattern=r"^[0-9]{1,6}[smhdw](?![\s\S])")]
"""A number and a unit: seconds, minutes, hours, days or weeks."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_Count = Annotated[int, Meta(ge=0)]
_Share = Annotated[float, Meta(ge=0, le=1)]


def seconds(duration: Duration) -> int:
    """How many seconds `duration` is."""
    return int(duration[:-1]) * _SECONDS[duration[-1]]


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Paths(_Table, frozen=True):
    """Files and folders, POSIX and relative to the root.

    Attributes:
        prd: The master PRD; empty: `docs/master/prd-master.md` where that exists.
        adr: Globs that turn an ADR's number into its file.
    """

    manifest: str = "docs/backlog/virtual-task-manifest.json"
    state: str = "docs/backlog/task-state.json"
    journal: str = "docs/backlog/task-events.jsonl"
    tasks: str = "tasks"
    prd: str = ""
    roadmap: str = "docs/master/roadmap.md"
    adr: tuple[str, ...] = ("docs/adr/{number}-*.md", "docs/adr/{number}.md")
    templates: str = ".vtm/templates"


class Prd(_Table, frozen=True):
    """What makes the master PRD stale.

    Attributes:
        path: Another way to set `paths.prd`.
        max_age: Oldest acceptable last commit; empty: any.
        sha256: The hash that was recorded; empty: any.
    """

    path: str = ""
    max_age: Annotated[str, Meta(pattern=r"^([0-9]{1,6}[smhdw])?(?![\s\S])")] = ""
    sha256: str = ""


class Rules(_Table, frozen=True):
    """Which rules run and how they weigh."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    severity: dict[str, Literal["error", "warning"]] = {}


class Git(_Table, frozen=True):
    """How vtm deals with git."""

    gate: bool = True
    main: tuple[str, ...] = ("main", "master")
    merge: Literal["never", "auto"] = "never"
    commit_state: Literal["off", "merge", "each"] = "off"


class Activation(_Table, frozen=True):
    """When coordinating is worth it."""

    enforce: bool = False
    high_pending: _Share = 0.7


class Minutes(_Table, frozen=True):
    """Estimated minutes per size."""

    S: _Count = 15
    M: _Count = 30
    L: _Count = 60


class Parallel(_Table, frozen=True):
    """How much runs at once."""

    max: _Count = 3
    wave: _Count = 4
    wave_max: _Count = 10


class Hooks(_Table, frozen=True):
    """What hooks of agents do.

    Attributes:
        scope: About an edit outside the file scope of the claimed task: nothing, warn, or refuse it.
    """

    scope: Literal["off", "warn", "refuse"] = "warn"


class Run(_Table, frozen=True):
    """How agents are run.

    Attributes:
        timeout: How long one agent may take, and one command of a gate.
        grace: How long an agent that is to end may take to do so before it is killed.
        output: Most bytes of an agent's output that are kept.
        secrets: Globs of names of environment variables whose values are masked in what is kept, beside those
            whose names say that they are secret.
        database: Where the progress of runs is kept, as a `postgresql+psycopg://` address; empty: in a file
            beside the other things of a run.
    """

    timeout: Duration = "1h"
    grace: Duration = "3s"
    output: _Count = 10_000_000
    secrets: tuple[str, ...] = ()
    database: str = ""


class Prescan(_Table, frozen=True):
    """What `vtm prescan` looks for in documents.

    Attributes:
        patterns: Regular expressions by name. One with the name of a pattern that is there anyway takes its
            place, and an empty one switches it off: `font`, `asset`, `url`.
        substitutes: What to use in place of what was found, by what was found, in any case of letters.
        allow: Globs of what may be found and is no obstacle.
    """

    patterns: dict[str, str] = {}
    substitutes: dict[str, str] = {}
    allow: tuple[str, ...] = ()


class Settings(_Table, frozen=True):
    """All settings.

    Attributes:
        wip_limit: Most tasks in progress; 0: no limit.
        lock_wait: How long a command waits for another one that writes.
        runners: How agents are started, by the name of the runner.

    Source: schemas/vtm-toml.schema.json.
    """

    wip_limit: _Count = 3
    stale_after: Duration = "48h"
    lease_ttl: Duration = "30m"
    lock_wait: Duration = "30s"
    paths: Paths = Paths()
    prd: Prd = Prd()
    rules: Rules = Rules()
    git: Git = Git()
    activation: Activation = Activation()
    estimate: Minutes = Minutes()
    parallel: Parallel = Parallel()
    gate: Gate = Gate()
    hooks: Hooks = Hooks()
    agents: Agents = Agents()
    run: Run = Run()
    runners: dict[str, Program] = {}
    prescan: Prescan = Prescan()

    @property
    def prd_path(self) -> str:
        """Where the master PRD is set to be; empty where that is not set."""
        return self.prd.path or self.paths.prd
