"""What the readers found wrong with the files, as problems."""

from collections.abc import Iterator

from vtm.model.finding import Damage, Defect
from vtm.rules.case import Case
from vtm.rules.rule import Problem


def reported(case: Case, damage: Damage) -> Iterator[Problem]:
    """A problem for each defect of this kind, whether or not its task is under judgement."""
    for defect in case.backlog.defects:
        if defect.damage is damage:
            yield Problem(defect.location, _sentence(defect), (defect.task_id,) if defect.task_id else ())


def _sentence(defect: Defect) -> str:
    name = defect.task_id
    named = not name or defect.message.startswith((f"{name} ", f"{name}:"))
    what = defect.message if named else f"{name}: {defect.message}"
    return f"{what}; {defect.fix}" if defect.fix else what
