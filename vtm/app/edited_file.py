"""A task file while it is edited."""

from typing import NamedTuple, Self

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.judging import Verdict, judged_instead
from vtm.model.backlog import Backlog
from vtm.model.finding import Location
from vtm.model.task import FileTask
from vtm.sources.markdown_task import read_task
from vtm.stores.watched import Watched


class EditedFile(NamedTuple):
    """A task file, as it was read."""

    backlog: Backlog
    task: FileTask
    file: Watched
    ending: str = ".md"

    @classmethod
    def read(cls, app: App, backlog: Backlog, task: FileTask) -> Self:
        """The file that declares `task`.

        Raises:
            UnreadableError: It is gone by now.
        """
        return cls(backlog, task, Watched.read(app.project.root, backlog.at(task).path))

    @property
    def text(self) -> bytes:
        """As somebody may edit it."""
        return self.file.data

    @property
    def path(self) -> str:
        """The file that declares it."""
        return self.file.name

    def judged(self, app: App, data: bytes, kept: str) -> Verdict:
        """What the backlog would be with `data` in its place; `kept` is where that text is."""
        task, defects = read_task(self.path, data)
        if task is None and not defects:
            return Verdict("it has no front matter any more")
        if task is not None and task.task_id != self.task.task_id:
            return Verdict(f"its id must stay {self.task.task_id}")
        found = judged_instead(app, self.backlog, Location(self.path), task or self.task, defects)
        inside = [each.location.path == self.path for each in found]
        return Verdict(
            "",
            [
                replace(each, location=replace(each.location, path=kept)) if own else each
                for each, own in zip(found, inside, strict=True)
            ],
        )

    def write(self, _: App, data: bytes) -> list[str]:
        """Put `data` in its place; the caller holds the lock.

        Raises:
            ConflictError: Somebody changed the file meanwhile.
            ExternalError: The system refuses.
        """
        self.file.replace_with(data)
        return [self.path]
