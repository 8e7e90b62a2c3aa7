"""Gates at the borders of phases: when they run, and how they end."""

from collections.abc import Callable

from msgspec.structs import replace

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import ExternalError
from vtm.model.backlog import Backlog
from vtm.model.gate_settings import NOT_STARTED
from vtm.model.phase_gate import Gated, GateRun, Outcome, Side, lines_of
from vtm.model.plain import whole
from vtm.model.settings import seconds
from vtm.queries.phase_progress import Progress, failure, gated, is_over, phases, work
from vtm.rules.rule import Need
from vtm.stores.lock import GATES, locked
from vtm.stores.phase_gates import SqlitePhaseGates

_PATIENCE = 86_400.0
"""Seconds that one waits for a gate that somebody else runs."""
Echo = Callable[[bytes], None]


def gate_before(app: App, phase: str, echo: Echo = lambda _: None) -> Gated:
    """Whether the first task of `phase` may be taken up; `app` reads the backlog as it is to be judged.

    What is due runs now: first the gates behind phases that are over, then the one before this phase. One
    that passed does not run again, one that failed does. The answer is that of the first that stops, or of
    the last one.

    Raises:
        ExternalError: A command cannot be started, or the database cannot be used.
    """
    if not _any(app):
        return Gated(phase, Side.BEFORE, Outcome.UNSET)
    border = Border(app, echo)
    return border.behind(but=phase) or border.cross(border.named(phase), Side.BEFORE)


def gates_behind(app: App, echo: Echo = lambda _: None) -> Gated | None:
    """The first gate behind a phase that is over which stops, once those that are due have run; None: none.

    `app` reads the backlog as it is to be judged. This is for the end of a run, whose last phase has no next.

    Raises:
        ExternalError: A command cannot be started, or the database cannot be used.
    """
    return Border(app, echo).behind() if app.settings.gate.of_phase(before=False) else None


def gate_after(app: App, phase: str, echo: Echo = lambda _: None) -> Gated:
    """Whether work may go on behind `phase`; it `waits` while not all work of the phase is on main.

    `app` reads the backlog as it is to be judged.

    Raises:
        ExternalError: A command cannot be started, or the database cannot be used.
    """
    if not app.settings.gate.of_phase(before=False):
        return Gated(phase, Side.AFTER, Outcome.UNSET)
    border = Border(app, echo)
    return border.cross(border.named(phase), Side.AFTER)


def phase_gate(app: App, phase: str, side: Side, echo: Echo = lambda _: None) -> Gated:
    """`gate_before` or `gate_after`."""
    return gate_before(app, phase, echo) if side is Side.BEFORE else gate_after(app, phase, echo)


def _any(app: App) -> bool:
    return any(app.settings.gate.of_phase(before=before) for before in (True, False))


class Border:
    """The gates of a project as they stand, and the means to run them.

    Attributes:
        backlog: The tasks as they are now.
        phases: In the order in which the backlog names them.
    """

    def __init__(self, app: App, echo: Echo = lambda _: None) -> None:
        self._app = app
        self._echo = echo
        self._store = SqlitePhaseGates(runtime_folder(app.project))
        self._runs = self._store.all()
        self._merged: frozenset[str] | None = None
        self.backlog: Backlog = app.backlog
        self.phases = phases(self.backlog)

    def named(self, phase: str) -> Progress:
        """The phase with this name; one that no task names has no tasks."""
        return next((each for each in self.phases if each.phase == phase), Progress(phase, ()))

    def behind(self, but: str | None = None) -> Gated | None:
        """The first gate behind a phase that is over, not counting one, which stops; None: none does."""
        over = (each for each in self.phases if each.phase != but and is_over(self.backlog, each.tasks))
        found = (self.cross(each, Side.AFTER) for each in over)
        return next((each for each in found if each.stops), None)

    def stands(self, progress: Progress, side: Side) -> Gated:
        """How a gate stands; nothing runs."""
        return gated(self.backlog, progress, side, self._app.settings.gate, self._runs, self._on_main)

    def cross(self, progress: Progress, side: Side) -> Gated:
        """The same, once what has not passed has run; of several who ask at once, one runs it for all."""
        found, seen = self.stands(progress, side), self._runs.get((progress.phase, side))
        if found.outcome not in {Outcome.DUE, Outcome.FAILED}:
            return found
        with locked(runtime_folder(self._app.project), _PATIENCE, GATES):
            self._runs = self._store.all()
            if self._runs.get((progress.phase, side)) != seen:
                found = self.stands(progress, side)
                if found.outcome is not Outcome.DUE:
                    return found
            return self._run(progress, side)

    def _run(self, progress: Progress, side: Side) -> Gated:
        commands = self._app.settings.gate.of_phase(before=side is Side.BEFORE)
        run = self._ran(progress, side, commands)
        self._store.keep(run)
        self._runs[progress.phase, side] = run
        if run.exit_code in NOT_STARTED:
            raise ExternalError(
                f"the gate command `{run.command}` {side} {progress.phase} cannot be started",
                code="GATE-NOT-STARTED",
                fix="correct it in vtm.toml under [gate], or install what it calls",
            )
        outcome = Outcome.PASSED if run.passed else Outcome.FAILED
        return Gated(progress.phase, side, outcome, ran=True, reason=failure(run), last=run)

    def _ran(self, progress: Progress, side: Side, commands: tuple[str, ...]) -> GateRun:
        from vtm.runners.command import run  # noqa: PLC0415  subprocess: 4 ms

        passed = GateRun(
            progress.phase,
            side,
            self._app.instant,
            lines_of(commands),
            passed=True,
            work=work(self.backlog, progress, side),
            commit=self._head(),
        )
        limit = seconds(self._app.settings.run.timeout)
        for command in commands:
            ended = run(command, self._app.project.root, self._echo, limit)
            if ended.exit_code:
                said = whole(ended.end).replace("\0", "")
                return replace(passed, passed=False, command=command, exit_code=ended.exit_code, output=said)
        return passed

    def _head(self) -> str:
        if self._app.project.repository is None:
            return ""
        from vtm.git.calling import Git  # noqa: PLC0415  subprocess: 4 ms

        return Git.at(self._app.project.root).asked("rev-parse", "--verify", "--quiet", "HEAD") or ""

    def _on_main(self) -> frozenset[str]:
        """Recorded commits that are on main; outside git, all of them are."""
        if self._merged is None:
            if self._app.project.repository is None:
                entries = self.backlog.state.tasks.values()
                self._merged = frozenset(each.evidence.commit or "" for each in entries if each.evidence)
            else:
                self._merged = self._app.case(self.backlog, (), more=[Need.MERGED]).facts.merged
        return self._merged
