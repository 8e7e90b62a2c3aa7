"""Collects what of the world the package of a task must know."""

from collections.abc import Iterator
from hashlib import file_digest

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.model.facts import Resolved
from vtm.model.status import Risk
from vtm.model.task import Task
from vtm.queries.audience import Audience
from vtm.queries.package import Around, ListedTest, Reference
from vtm.sources.references import References

TESTS_FIRST = "wallaby-tdd-agent"
"""The agent that writes tests first, where a project defines it and no setting names another."""


class Packing:
    """What packages must know, for one audience; a document is read once for all of them.

    Attributes:
        worker: The name under which the worker takes up its task; empty: it has none.
    """

    def __init__(self, app: App, audience: Audience, worker: str) -> None:
        self._app = app
        self._audience = audience
        self._worker = worker
        self._references = References(app.project.work, app.settings.paths.adr)
        self._branches = MadeBranches(app.project)
        self._known: dict[str, Reference] = {}

    def around(self, task: Task) -> Around:
        """What the package of `task` must know."""
        tests = [
            ListedTest(each, *_place(self._references.test(each))) for each in task.test_verification or ()
        ]
        agent = self._agent(task.risk)
        branch = self._branches.of(task.task_id)
        return Around(list(self._documents(task)), tests, agent, self._worker, self._audience.name, branch)

    def _documents(self, task: Task) -> Iterator[Reference]:
        named = {"spec": task.related_specs, "decision": task.related_adrs, "guide": task.related_guides}
        for kind, names in named.items():
            for name in dict.fromkeys(names):
                key = f"{kind} {name}"
                if key not in self._known:
                    self._known[key] = self._document(kind, name)
                yield self._known[key]

    def _document(self, kind: str, name: str) -> Reference:
        found = self._references.document(name)
        if found.problem:
            return Reference(kind, name, found.path, problem=found.problem)
        try:
            with (self._app.project.work / found.path).open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
                return Reference(kind, name, found.path, digest, file.tell())
        except OSError as error:
            reason = f"cannot be read: {(error.strerror or 'failed').lower()}"
            return Reference(kind, name, found.path, problem=reason)

    def _agent(self, risk: Risk) -> str:
        """The type of the agent that is to write tests first at `risk`."""
        named: str = getattr(self._app.settings.agents, risk.value)
        if named or risk is Risk.LOW:
            return named or self._audience.generic
        work = self._app.project.work
        defined = any((work / folder / f"{TESTS_FIRST}.md").is_file() for folder in self._audience.folders)
        return TESTS_FIRST if defined else self._audience.generic


def _place(found: Resolved) -> tuple[str, str]:
    return found.path, found.problem
