"""Backlogs, facts and cases from plain values, as the examples of rules write them."""

import msgspec

from vtm.model.backlog import Backlog
from vtm.model.facts import Facts
from vtm.model.finding import Defect
from vtm.model.state import State
from vtm.model.task import FileTask, Manifest, Task
from vtm.rules.case import Case

MANIFEST = "docs/backlog/virtual-task-manifest.json"
STATE = "docs/backlog/task-state.json"


def backlog_of(tasks=(), state=None, manifest=None, state_file=None, defects=()):
    """A backlog of task entries and state entries as they stand in the files.

    An entry with `declared_status` is of a task that has a file of its own.
    """
    tasks = list(tasks)
    declared = msgspec.convert({"tasks": list(tasks), **(manifest or {})}, Manifest)
    kinds = [FileTask if task.declared_status else Task for task in declared.tasks]
    tasks = tuple(msgspec.convert(task, kind) for task, kind in zip(tasks, kinds, strict=True))
    return Backlog(
        msgspec.structs.replace(declared, tasks=tasks),
        msgspec.convert({"tasks": state or {}, **(state_file or {})}, State),
        manifest_path=MANIFEST,
        state_path=STATE,
        defects=msgspec.convert(list(defects), list[Defect]),
    )


def case_of(example):
    """A case from an example: a list of tasks, or a mapping.

    Keys: `tasks`, `state` (entries by id), `manifest` and `state_file` (fields beside `tasks`), `defects`,
    `facts`, `focus` (ids of the tasks under judgement).
    """
    example = {"tasks": example} if isinstance(example, list) else dict(example or {})
    facts = msgspec.convert(example.pop("facts", {}), Facts)
    focus = example.pop("focus", None)
    backlog = backlog_of(**example)
    return Case(backlog, facts, None if focus is None else [backlog[each] for each in focus])
