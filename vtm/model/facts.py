"""What rules and queries must know of the world; adapters collect it, nothing here looks for itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from vtm.model.event import Kind
from vtm.model.finding import Location
from vtm.model.lease import Lease
from vtm.model.settings import Settings
from vtm.model.state import Evidence


class Action(StrEnum):
    """What a gate is asked to let through."""

    PREFLIGHT = "preflight"
    START = "start"
    COMPLETE = "complete"
    RECORD = "record"
    RUN = "run"
    REPORT = "report"
    WORKTREE = "worktree"
    MERGE = "merge"


class Caller(Struct, frozen=True):
    """Who asks for a change.

    Attributes:
        agent: The name it goes by; empty: it is no agent, or says nothing.
        session: Its session; empty: it names none.
        epoch: Of the lease under which it works; None: it claims none.
        user: Who is logged in, for want of a better name.
    """

    agent: str = ""
    session: str = ""
    epoch: int | None = None
    user: str = ""


class Occasion(Struct, frozen=True):
    """A change that is asked for.

    Attributes:
        event: What is to happen; None: nothing yet, it is only looked at.
        leases: Those that are not over, by task.
        result: The evidence that comes with it.
        unread: Context files of the task that nobody has read for it as they are now.
        reported: Files that a worker's report names as changed; None: nobody reports.
    """

    event: Kind | None = None
    caller: Caller = Caller()
    leases: Mapping[str, Lease] = {}
    result: Evidence | None = None
    unread: tuple[str, ...] = ()
    reported: tuple[str, ...] | None = None


class Resolved(Struct, frozen=True):
    """What a reference in a task leads to.

    Attributes:
        path: The file, POSIX and relative to the root; empty where there is none.
        problem: Why it cannot be used, to stand after the reference in a sentence; empty: it can.
    """

    path: str = ""
    problem: str = ""


class GitFacts(Struct, frozen=True):
    """What git says of the main worktree.

    Attributes:
        branch: Empty when HEAD is detached.
        dirty: Changed, staged and untracked paths that are not vtm's own files, relative to the top level.
    """

    branch: str = ""
    dirty: tuple[str, ...] = ()


class BranchFacts(Struct, frozen=True):
    """What the caller's branch has changed since it left main, committed or not.

    Attributes:
        name: Of the branch; empty when HEAD is detached.
        changed: Paths relative to the root, without vtm's own files; both names of what was renamed, and
            `../` in front of what lies outside.
    """

    name: str = ""
    changed: tuple[str, ...] = ()


class PrdFacts(Struct, frozen=True):
    """What is known of the master PRD.

    Attributes:
        path: Where it is, or was expected.
        exists: Whether it is there.
        required: Whether the settings name it.
        status: `status` of its front matter, lower case.
        phase: `phase` of its front matter; `unknown` where absent.
        sha256: Of its bytes.
        committed_at: Its last commit; None where git does not know it.
        problem: Why it cannot be read; empty: it can.
    """

    path: str
    exists: bool = False
    required: bool = False
    status: str = ""
    phase: str = "unknown"
    sha256: str = ""
    committed_at: datetime | None = None
    problem: str = ""


class ManifestHashes(Struct, frozen=True):
    """Both hashes that a state file may have been written for, SHA-256 in hex.

    Attributes:
        raw: Of the manifest's bytes.
        canonical: Of the canonical JSON of its tasks.
    """

    raw: str = ""
    canonical: str = ""


class NamedAgent(Struct, frozen=True):
    """An agent's name, and where it stands."""

    name: str
    location: Location


class AgentFlaw(Struct, frozen=True):
    """What is wrong in a file that defines an agent, and where."""

    location: Location
    message: str


class AgentFacts(Struct, frozen=True):
    """What is known of the agents of clients.

    Attributes:
        defined: Names of those that the project defines and those that clients bring along.
        named: Those that settings and the project's own prompts name.
        flaws: What clients would leave out of their definitions without a word.
    """

    defined: frozenset[str] = frozenset()
    named: tuple[NamedAgent, ...] = ()
    flaws: tuple[AgentFlaw, ...] = ()


class Facts(Struct, frozen=True):
    """The world as one command found it; what no rule asked for keeps its default.

    Attributes:
        strict: Whether warnings are asked to count; `action` is what is about to be done, None: nothing.
        missing_backlog: Paths that were looked for, when no backlog was found.
        references: Reference as written, to what it leads to.
        tests: The same for `test_verification`.
        git: None outside a git repository or where the gate is off.
        git_skipped: Why git was not asked; empty: it was.
        merged: Commits recorded as evidence that are on main; beside `tests`, of tasks alone that miss any.
        lacking: Id of a dependency whose work main lacks to what holds it: a commit, or its branch.
        changed_since_manifest: Paths that were committed after the manifest's timestamp.
        branch: The caller's; None outside a git repository, or where it has nothing in common with main.
        occasion: What change is asked for, and by whom.
        agents: Those of clients.
    """

    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    settings: Settings = Settings()
    strict: bool = False
    action: Action | None = None
    missing_backlog: tuple[str, ...] = ()
    references: Mapping[str, Resolved] = {}
    tests: Mapping[str, Resolved] = {}
    git: GitFacts | None = None
    git_skipped: str = ""
    prd: PrdFacts | None = None
    hashes: ManifestHashes = ManifestHashes()
    merged: frozenset[str] = frozenset()
    lacking: Mapping[str, str] = {}
    changed_since_manifest: frozenset[str] = frozenset()
    branch: BranchFacts | None = None
    occasion: Occasion = Occasion()
    agents: AgentFacts = AgentFacts()
