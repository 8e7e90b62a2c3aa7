"""What the engine needs of a project, and the engine over it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.opened import Opened
from vtm.app.receipts import unread
from vtm.discovery import runtime_folder
from vtm.engine.recorder import Recorder
from vtm.errors import ExternalError
from vtm.model.backlog import Backlog
from vtm.model.facts import Action, Occasion
from vtm.model.finding import Finding
from vtm.model.settings import Rules, seconds
from vtm.model.task import Task
from vtm.ports.reading import Declared, Recorded
from vtm.ports.recording import Runtime
from vtm.ports.surroundings import Surroundings
from vtm.rules.registry import load
from vtm.rules.runner import gate_rules, judge, record_rules
from vtm.sources.files import read_bytes
from vtm.sources.hashes import manifest_hashes
from vtm.sources.manifest import JsonManifest
from vtm.sources.state import JsonState
from vtm.stores.files import Files
from vtm.stores.ledger import JsonStore, Reads
from vtm.stores.runtime import SqliteRuntime


def recorder(app: App) -> Recorder:
    """The engine over the project at hand."""
    runtime = SqliteRuntime(runtime_folder(app.project))
    around = AppSurroundings(app, runtime)
    return Recorder(store(app, around.task, around.manifest_hash), runtime, around)


def store(app: App, task: Callable[[str], Task | None], manifest_hash: Callable[[], str]) -> JsonStore:
    """State and journal of the project at hand."""
    paths, root = app.settings.paths, app.project.root
    state = JsonState(root / paths.state, paths.state)
    reads = Reads(lambda data: state.read(data, thorough=False), task, manifest_hash)
    files = Files(root, paths.state, paths.journal, runtime_folder(app.project))
    return JsonStore(files, reads, seconds(app.settings.lock_wait))


class AppSurroundings(Surroundings):
    """The project at hand, as the engine sees it; the manifest is read when it is first asked for."""

    def __init__(self, app: App, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime
        self.now = app.fixed_now or datetime.now(UTC)
        self.settings = app.settings

    @cached_property
    def _declared(self) -> Declared:
        name = self.settings.paths.manifest
        return JsonManifest(self._app.project.root / name, name).load(thorough=False)

    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state."""
        return Opened.of(self._app.project.root, self.settings.paths, self._declared, recorded).whole()

    def task(self, task_id: str) -> Task | None:
        """The task with this id; None where nobody declares it."""
        tasks = self._declared.manifest.tasks if self._declared.manifest else ()
        return next((task for task in tasks if task.task_id == task_id), None)

    def manifest_hash(self) -> str:
        """The canonical hash of the manifest."""
        name = self.settings.paths.manifest
        data = read_bytes(self._app.project.root / name, name)
        return manifest_hashes(data).canonical if isinstance(data, bytes) else ""

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
        if self.settings.git.commit_state != "each" or self._app.project.repository is None:
            return []
        from vtm.app.syncing import commit_own_files  # noqa: PLC0415  only where it is set

        try:
            return commit_own_files(self._app, f"vtm: {what}").notices
        except ExternalError as error:  # what was written counts; `vtm sync` can commit it later
            return [f"state and journal were not committed: {error.message}"]
