"""The application: everything a way in needs, found when it is asked for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from vtm.app.opened import Opened
from vtm.discovery import SETTINGS, Project, find_project
from vtm.errors import UnreadableError
from vtm.model.backlog import Backlog
from vtm.model.facts import Action, BranchFacts, Occasion
from vtm.model.finding import Finding
from vtm.model.settings import Settings
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Need, Rule
from vtm.rules.runner import backlog_rules, eligible_rules, gate_rules, judge

_SHOWN = 3


class App:
    """One command's view of one project; each file is read at most once.

    Attributes:
        project: Where things are.
        now: The moment that ages are counted from, UTC.
        fixed_now: That moment where the caller set it; None: it is what the clock said.
        branch: What the caller's branch has changed, where somebody has found that out; None: git is asked.
    """

    branch: BranchFacts | None = None

    def __init__(self, project: Project, now: datetime | None = None) -> None:
        self.project = project
        self.fixed_now = now
        self.now = now or datetime.now(UTC).replace(microsecond=0)

    @classmethod
    def at(cls, folder: Path, now: datetime | None = None) -> "App":
        """The app for the project that `folder` lies in.

        Raises:
            UnreadableError: `folder` is gone, or may not be looked at.
        """
        try:
            project = find_project(folder)
        except (OSError, RuntimeError) as error:
            reason = str(getattr(error, "strerror", None) or error).lower()
            raise UnreadableError(
                f"the folder cannot be used: {reason}",
                code="NO-FOLDER",
                fix="change to a folder that is there",
            ) from None
        return cls(project, now)

    @property
    def instant(self) -> datetime:
        """The moment that is written down, to the microsecond; a clock that was fixed stays so."""
        return self.fixed_now or datetime.now(UTC)

    def again(self, *, anew: bool = True) -> "App":
        """The same project, read anew, where not `anew` but for its settings; a fixed clock stays so."""
        other = App(self.project, self.fixed_now)
        if not anew:
            other._configured = self._configured
        return other

    def seen_from(self, work: Path) -> "App":
        """The same project under the same settings, seen from another checkout of it."""
        other = App(self.project._replace(work=work), self.fixed_now)
        other._configured = self._configured
        return other

    def with_settings(self, settings: Settings) -> "App":
        """The same project under other settings."""
        other = App(self.project, self.now)
        other._configured = settings, dict(self.setting_lines)
        return other

    def without_git(self) -> "App":
        """The same project, treated as one outside git."""
        other = App(Project(self.project.root, self.project.work, None), self.now)
        other._configured = self._configured
        return other

    @cached_property
    def setting_lines(self) -> dict[str, int]:
        """For each key that vtm.toml sets, the line that does."""
        return dict(self._configured[1])

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._configured[0]

    @cached_property
    def _configured(self) -> tuple[Settings, dict[str, int]]:
        path = self.project.root / SETTINGS
        if not path.exists():
            return Settings(), {}
        from vtm.sources.settings import load_settings  # noqa: PLC0415  tomllib: 3 ms

        configured = load_settings(path)
        return configured.settings, dict(configured.lines)

    @cached_property
    def opened(self) -> Opened:
        """The backlog's files as they are, read for an answer."""
        return Opened.read(self.project, self.settings.paths, thorough=False)

    @property
    def unread(self) -> list[str]:
        """Task files that are not in an answer because they cannot be read; nothing is read for this."""
        if "opened" not in self.__dict__ or not self.opened.declared.defects:
            return []
        names = (self.__dict__.get("backlog") or self.opened.rest()).unread
        more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        listed = ", ".join(names[:_SHOWN]) + more
        return [f"{listed} cannot be read and left out; `vtm validate` says why"] if names else []

    @cached_property
    def backlog(self) -> Backlog:
        """The backlog.

        Raises:
            UnreadableError: There is none, or one of its files is damaged as a whole.
        """
        return self.opened.whole()

    def case(
        self,
        backlog: Backlog,
        asked: Iterable[Rule],
        focus: Sequence[Task] | None = None,
        *,
        action: Action | None = None,
        strict: bool = False,
        missing: tuple[str, ...] = (),
        more: Iterable[Need] = (),
        occasion: Occasion | None = None,
    ) -> Case:
        """`backlog` with what `asked` and `more` need of the world to judge `focus` (None: all tasks)."""
        from vtm.app.world import World  # noqa: PLC0415  1 ms that commands which do not judge save

        world = World(self.project, self.settings, self.now, missing, self.branch)
        judged = backlog.tasks if focus is None else focus
        needs = {*more, *(need for rule in asked for need in rule.needs)}
        facts = world.collect(backlog, needs, judged, action=action, strict=strict, occasion=occasion)
        return Case(backlog, facts, judged)

    def own_findings(self, task: Task) -> list[Finding]:
        """What the backlog rules say of one eligible task."""
        return self._findings_about(task, eligible_rules(), [task])

    def all_findings(self, task: Task) -> list[Finding]:
        """What all backlog rules say of one task."""
        return self._findings_about(task, backlog_rules(), None)

    def _findings_about(
        self, task: Task, asked: Sequence[Rule], focus: Sequence[Task] | None
    ) -> list[Finding]:
        found = judge(self.case(self.backlog, asked, focus), asked)
        return self.placed([each for each in found if task.task_id in each.tasks])

    def startable_findings(
        self, backlog: Backlog | None = None, occasion: Occasion | None = None
    ) -> Callable[[Task], list[Finding]]:
        """A function that gives what keeps a task from being started, findings and gates, and warns of it."""
        gates = gate_rules(Action.START)
        asked = [rule for rule in backlog_rules() if Need.AGENTS not in rule.needs]  # those hold no task up
        case = self.case(backlog or self.backlog, [*asked, *gates], action=Action.START, occasion=occasion)
        found = judge(case, asked)
        everywhere = [
            each for each in found if each.blocking and not each.tasks and each.code.startswith("BLOCKED")
        ]
        of_task: dict[str, list[Finding]] = {}
        for each in found:
            for name in each.tasks:
                of_task.setdefault(name, []).append(each)
        of_start = [rule for rule in gates if not rule.backlog]
        _ = case.readiness  # worked out once, for all tasks that are asked about

        def findings_of(task: Task) -> list[Finding]:
            gated = judge(case.on(task), of_start)
            return self.placed([*everywhere, *of_task.get(task.task_id, ()), *gated])

        return findings_of

    def placed(self, findings: Sequence[Finding]) -> list[Finding]:
        """`findings` with line and column; the files are scanned for them only here."""
        if all(each.location.line for each in findings):
            return list(findings)
        from vtm.app.places import place  # noqa: PLC0415  only where something was found

        return place(self.project.root, findings)
