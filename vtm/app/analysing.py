"""What an analysis builds on, and what is wrong with it."""

from vtm.app.app import App
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.rules.registry import load
from vtm.rules.runner import judge

_DEPENDENCIES = ("GAP::DANGLING-DEPENDENCY", "GAP::SELF-DEPENDENCY", "GAP::TASK-DEP-CYCLE")
_VALUES = "GAP::SCHEMA"


def analysed(app: App) -> Backlog:
    """The backlog; a folder of task files that holds none is an empty one.

    Raises:
        UnreadableError: There is none, or one of its files is damaged as a whole.
    """
    opened = app.opened
    folder = app.project.root / app.settings.paths.tasks
    if not opened.declared.missing or not folder.is_dir():
        return opened.whole()
    opened.refuse_damage()
    return opened.rest()


def flaws(app: App, backlog: Backlog, *fields: str, dependencies: bool = True) -> list[Finding]:
    """What the rules say of the dependencies in `backlog`, and of the values in `fields` such as `risk`."""
    codes = (*_DEPENDENCIES, _VALUES) if dependencies else (_VALUES,)
    asked = [load(code) for code in codes if fields or code != _VALUES]
    found = judge(app.case(backlog, asked), asked)
    return app.placed(
        [each for each in found if not each.code.startswith(_VALUES) or {*fields} & {*each.location.pointer}]
    )
