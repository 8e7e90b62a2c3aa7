"""Collects the facts that rules ask for, and no others."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from vtm.app.git_facts import git_facts
from vtm.discovery import DATABASE, Project, runtime_folder
from vtm.model.backlog import Backlog
from vtm.model.facts import (
    Action,
    AgentFacts,
    BranchFacts,
    Facts,
    ManifestHashes,
    Occasion,
    PrdFacts,
    Resolved,
)
from vtm.model.hashes import agree, is_known
from vtm.model.lease import Lease
from vtm.model.settings import Settings
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.world import Repository
from vtm.rules.rule import Need
from vtm.sources.files import read_bytes
from vtm.sources.references import References


class World:
    """Where facts come from.

    Attributes:
        project: Where things are.
        settings: In force.
        now: The moment, UTC.
        missing: Paths at which a backlog was looked for, when there is none.
        branch: What the caller's branch has changed, where that is known; None: git is asked.
    """

    def __init__(
        self,
        project: Project,
        settings: Settings,
        now: datetime,
        missing: tuple[str, ...] = (),
        branch: BranchFacts | None = None,
    ) -> None:
        self.branch = branch
        self.project = project
        self.missing = missing
        self.settings = settings
        self.now = now
        self._references = References(project.work, settings.paths.adr)

    def collect(
        self,
        backlog: Backlog,
        needs: Collection[Need],
        focus: Sequence[Task],
        *,
        action: Action | None = None,
        strict: bool = False,
        occasion: Occasion | None = None,
    ) -> Facts:
        """The facts that `needs` name, as far as judging `focus` takes them; an `occasion` has leases."""
        sources: dict[Need, Callable[[], dict[str, Any]]] = {
            Need.REFERENCES: lambda: {"references": self._documents(focus)},
            Need.TESTS: lambda: {"tests": self._tests(backlog, focus, action)},
            Need.GIT: lambda: git_facts(self.project, self.settings, head_alone=action is Action.WORKTREE),
            Need.PRD: lambda: {"prd": self._prd()},
            Need.HASHES: lambda: {"hashes": self._hashes(backlog)},
            Need.MERGED: lambda: {"merged": self._merged(backlog, focus, action, found.get("tests"))},
            Need.DEPENDENCIES: lambda: {"lacking": self._lacking(backlog, focus)},
            Need.CHANGES: lambda: {"changed_since_manifest": self._changes(backlog, focus)},
            Need.BRANCH: lambda: self._branch(focus, occasion),
            Need.AGENTS: lambda: {"agents": self._agents()},
            Need.LEASES: lambda: {"occasion": occasion or Occasion(leases=self._leases(backlog))},
        }
        found: dict[str, Any] = {} if occasion is None else {"occasion": occasion}
        for need in Need:
            if need in needs:
                found |= sources[need]()
        return Facts(
            now=self.now,
            settings=self.settings,
            strict=strict,
            action=action,
            missing_backlog=self.missing,
            **found,
        )

    def _documents(self, focus: Sequence[Task]) -> dict[str, Resolved]:
        named = {
            each for task in focus for each in (*task.related_specs, *task.related_adrs, *task.related_guides)
        }
        return {each: self._references.document(each) for each in named}

    def _tests(self, backlog: Backlog, focus: Sequence[Task], action: Action | None) -> dict[str, Resolved]:
        judged = [task for task in focus if action is Action.COMPLETE or _commit(backlog, task)]
        named = {each for task in judged for each in task.test_verification or ()}
        return {each: self._references.test(each) for each in named}

    def _prd(self) -> PrdFacts:
        from vtm.sources.prd import read_prd  # noqa: PLC0415  yaml: 15 ms

        prd = read_prd(self.project.work, self.settings.prd_path)
        if not prd.exists or not self.settings.prd.max_age or self.project.repository is None:
            return prd
        return msgspec.structs.replace(prd, committed_at=self._repository().committed_at(prd.path))

    def _hashes(self, backlog: Backlog) -> ManifestHashes:
        """Nothing where the state has no hash or the one the manifest carries: hashing costs a decode."""
        recorded = backlog.state.manifest_hash
        if not is_known(recorded) or agree(recorded, backlog.manifest.manifest_hash):
            return ManifestHashes()
        from vtm.sources.hashes import manifest_hashes  # noqa: PLC0415  hashlib: 3 ms

        data = read_bytes(self.project.root / backlog.manifest_path, backlog.manifest_path)
        return manifest_hashes(data) if isinstance(data, bytes) else ManifestHashes()

    def _merged(
        self,
        backlog: Backlog,
        focus: Sequence[Task],
        action: Action | None,
        tests: Mapping[str, Resolved] | None,
    ) -> frozenset[str]:
        """Of `focus`, else of all tasks; where a task is being completed it makes no difference.

        Where it is asked together with `tests`, it makes one for tasks alone that miss any.
        """
        asked = () if action is Action.COMPLETE else focus or backlog.tasks
        if tests is not None:
            missing = {path for path, found in tests.items() if found.problem}
            asked = [task for task in asked if not missing.isdisjoint(task.test_verification or ())]
        commits = {commit for task in asked if (commit := _commit(backlog, task))}
        if not commits or self.project.repository is None:
            return frozenset()
        return self._repository().merged(commits, self.settings.git.main)

    def _lacking(self, backlog: Backlog, focus: Sequence[Task]) -> dict[str, str]:
        if self.project.repository is None or not any(task.depends_on_tasks for task in focus):
            return {}
        from vtm.app.dependencies import lacking  # noqa: PLC0415  subprocess: 4 ms
        from vtm.app.made_branches import MadeBranches  # noqa: PLC0415  only where one may be missing

        branch_of = MadeBranches(self.project).of
        return lacking(self.project.repository, self.settings.git.main, backlog, focus, branch_of)

    def _changes(self, backlog: Backlog, focus: Sequence[Task]) -> frozenset[str]:
        moment = backlog.manifest.timestamp
        if moment is None or self.project.repository is None:
            return frozenset()
        paths = {found.path for found in self._documents(focus).values() if found.path and not found.problem}
        return self._repository().changed_since(moment, paths)

    def _branch(self, focus: Sequence[Task], occasion: Occasion | None) -> dict[str, Any]:
        """Nothing where nobody would look at it: git is asked several things for this."""
        reported = occasion is not None and occasion.reported is not None
        if not reported and not any(task.file_scope for task in focus):
            return {}
        if self.branch is not None:
            return {"branch": self.branch}
        from vtm.app.branch_changes import branch_facts  # noqa: PLC0415  subprocess: 4 ms

        return {"branch": branch_facts(self.project, self.settings)}

    def _leases(self, backlog: Backlog) -> dict[str, Lease]:
        """Nothing where no agent has ever started anything: neither database nor journal is opened then."""
        known = (runtime_folder(self.project) / DATABASE).exists()
        if not known and not any(entry.owner for entry in backlog.state.tasks.values()):
            return {}
        from vtm.app.leasing import live_leases  # noqa: PLC0415  sqlite3: 5 ms

        return live_leases(self.project, self.settings, backlog, self.now)

    def _agents(self) -> AgentFacts:
        from vtm.model.choosing import named_agents  # noqa: PLC0415  1 ms that other questions save
        from vtm.sources.agents import read_agents  # noqa: PLC0415  tomllib: 3 ms

        chosen = {key: name for key, name in named_agents(self.settings.agents) if name}
        return read_agents(self.project.root, self.project.work, chosen, self.settings.paths.templates)

    def _repository(self) -> Repository:
        from vtm.git.repository import GitRepository  # noqa: PLC0415  subprocess: 4 ms

        return GitRepository(self.project.repository or self.project.root, self.project.work)


def _commit(backlog: Backlog, task: Task) -> str:
    """The commit that a completed task's evidence names; empty where there is none."""
    evidence = backlog.state_of(task).evidence
    if evidence is None or backlog.status(task.task_id) is not Status.COMPLETED:
        return ""
    return evidence.commit or ""
