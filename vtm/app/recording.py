"""What the engine needs of a project, and the engine over it."""

from collections.abc import Callable

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.declarations import Declarations
from vtm.app.receipts import unread
from vtm.engine.recorder import Recorder
from vtm.errors import ExternalError
from vtm.model.backlog import Backlog
from vtm.model.event import Kind
from vtm.model.facts import Action, Occasion
from vtm.model.finding import Finding
from vtm.model.settings import Rules, seconds
from vtm.model.task import Task
from vtm.ports.reading import Recorded
from vtm.ports.recording import Runtime
from vtm.ports.surroundings import Surroundings
from vtm.rules.registry import load
from vtm.rules.runner import gate_rules, judge, record_rules
from vtm.stores.files import Files
from vtm.stores.ledger import JsonStore
from vtm.stores.runtime import SqliteRuntime


def recorder(app: App) -> Recorder:
    """The engine over the project at hand."""
    files = Files.of(app.project, app.settings.paths)
    runtime = SqliteRuntime(files.runtime)
    around = AppSurroundings(app, runtime)
    store = JsonStore(files, around.declarations.reads, seconds(app.settings.lock_wait))
    return Recorder(store, runtime, around)


class AppSurroundings(Surroundings):
    """The project at hand, as the engine sees it.

    Attributes:
        declarations: Its tasks, read when they are first asked for.
    """

    def __init__(self, app: App, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime
        self.now = app.instant
        self.settings = app.settings
        self.declarations = Declarations(app)

    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state."""
        return self.declarations.backlog(recorded)

    def reread(self) -> None:
        """Read anew what is declared: it was edited."""
        self.declarations.reread()

    def startable(self, backlog: Backlog, occasion: Occasion) -> Callable[[Task], list[Finding]]:
        """A function that gives what keeps a task from being started, and what warns of it."""
        of_backlog = self._app.startable_findings(backlog, occasion)

        def findings_of(task: Task) -> list[Finding]:
            seen = replace(occasion, unread=self.unread(task))
            rules = [load("WARN::INCOMPLETE-CONTEXT-READ")]
            case = self._app.case(backlog, rules, [task], action=Action.START, occasion=seen)
            return [*of_backlog(task), *self._app.placed(judge(case, rules))]

        return findings_of

    def guards(self, backlog: Backlog, task: Task, occasion: Occasion) -> list[Finding]:
        """What keeps anything from being recorded of a task; no setting takes this away."""
        rules = record_rules()
        case = self._app.case(backlog, rules, [task], action=Action.RECORD, occasion=occasion)
        case.facts = replace(case.facts, settings=replace(self.settings, rules=Rules()))
        return self._app.placed(judge(case, rules))

    def gates(self, backlog: Backlog, task: Task, action: Action, occasion: Occasion) -> list[Finding]:
        """What the gates of `action` say of a task."""
        rules = gate_rules(action)
        case = self._app.case(backlog, rules, [task], action=action, occasion=occasion)
        return self._app.placed(judge(case, rules))

    def unread(self, task: Task) -> tuple[str, ...]:
        """Context files of a task that were not read for it, as they are now."""
        return unread(self._app, self._runtime, task)

    def written(self, what: str) -> list[str]:
        """Commit state and journal, where that is set."""
        wanted = self.settings.git.commit_state
        due = wanted == "each" or (wanted == "merge" and what.startswith(f"{Kind.MERGE} "))
        if not due or self._app.project.repository is None:
            return []
        from vtm.app.syncing import commit_own_files  # noqa: PLC0415  only where it is set

        try:
            return commit_own_files(self._app, f"vtm: {what}").notices
        except ExternalError as error:  # what was written counts; `vtm sync` can commit it later
            return [f"state and journal were not committed: {error.message}"]
