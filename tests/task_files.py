"""Projects whose tasks are files, written in as many ways as people write them."""

import re
from datetime import datetime
from pathlib import Path

import msgspec

from tests.projects import MANIFEST, SPEC, put
from vtm.model.own_file import as_known
from vtm.model.state import TaskState
from vtm.sources.markdown_task import read_task

FOLDER = "tasks"
LAYOUTS = (
    "---\nid: {id}\ntitle: {title}\nstatus: pending\nrisk: medium\n{needs}---\n"
    "\n## Acceptance Criteria\n\n{boxes}",
    # Windows, and comments
    "---\r\n# the id stays\r\nid: {id}  # this one\r\nstatus: 'pending'   # for now\r\n{needs}"
    'title: "{title}"\r\n---\r\n\r\n# {title}\r\n\r\nText.  \r\n\r\n{boxes}\r\n'
    "## Notes\r\n\r\n- [ ] no criterion\r\n",
    # a byte order mark, no status, blanks at the ends of lines
    "\ufeff---\nname: {title}   \nid: '{id}'\n{needs}\nx_mine:\n  status: kept\n---\n"
    "Before.   \n\n{boxes}\tend\u2028of it",
    # quotes, keys that come last, code that looks like criteria
    '---\n{needs}\'status\': "pending"\n"title": >\n  {title}\n"id": "{id}" \n---\n'
    "```\n- [ ] code\n```\n{boxes}",
)


def file_of(entry):
    """Where the file of a task is."""
    return f"{FOLDER}/{entry['phase'].lower().replace(' ', '-')}/{entry['task_id']}.md"


def text_of(entry, layout, *, own_ids=True):
    """The text of a task's file."""
    line = "\r\n" if "\r\n" in layout else "\n"
    lists = {"depends_on": entry["depends_on_tasks"], "test_verification": entry.get("test_verification")}
    needs = "".join(
        f"{key}:{line}{''.join(f'  - {each}{line}' for each in found)}"
        for key, found in lists.items()
        if found
    )
    boxes = "".join(
        f"- [ ] {each['id'] + ' ' if own_ids else ''}{each['text']}{line}"
        for each in entry["acceptance_criteria"]
    )
    return layout.format(id=entry["task_id"], title=entry["title"], needs=needs, boxes=boxes)


def write_files(root, tasks):
    """Write a project whose tasks are files, no two in a row alike; every other one has boxes without ids."""
    for number, entry in enumerate(tasks):
        text = text_of(entry, LAYOUTS[number % len(LAYOUTS)], own_ids=number % 2 == 0)
        put_exactly(root, file_of(entry), text)
        put_exactly(root, f"{ORIGINAL}/{file_of(entry)}", text)
    put(root, SPEC, "# Shop\n")
    (Path(root) / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
    return Path(root)


def put_exactly(root, name, text):
    """Write one file, its line ends as they are."""
    path = Path(root) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


ORIGINAL = ".original"
"""Folder in which a project keeps its task files as they were written first."""
_OWNED = re.compile(rb"^(['\"]?)(?:status|started_at|completed_at)\1:[^\n]*\n", re.MULTILINE)
_MARK = re.compile(rb"^- \[[ x]\] ", re.MULTILINE)


def task_files(root):
    """Path, relative to the root, to bytes of everything in the folder of tasks."""
    found = sorted(each for each in (Path(root) / FOLDER).rglob("*") if each.is_file())
    return {each.relative_to(root).as_posix(): each.read_bytes() for each in found}


def without_state(data):
    """The bytes of a task file but for what vtm writes."""
    return _MARK.sub(b"- [ ] ", _OWNED.sub(b"", data))


def path_of(root, task_id):
    """The file of a task."""
    return next((Path(root) / FOLDER).rglob(f"{task_id}.md"))


def edit_by_hand(root, task_id, status=None, box=None):
    """Write another status into a task's file, or another mark into the box that stands there as `box`."""
    path = path_of(root, task_id)
    data = path.read_bytes()
    if status is not None:
        data = re.sub(rb"(?m)^('?status'?: +['\"]?)[\w-]+", rb"\g<1>" + status.encode(), data)
    if box is not None:
        mark = sorted(each.start() for each in _MARK.finditer(data))[box] + 3
        data = data[:mark] + (b"x" if data[mark : mark + 1] == b" " else b" ") + data[mark + 1 :]
    path.write_bytes(data)


def assert_files_agree(root, entries, edited=()):
    """Task files say what `entries` of the state do, and in all else what they said at first.

    Those of the tasks `edited` may say something else of what happened.
    """
    for name, data in task_files(root).items():
        before = Path(root) / ORIGINAL / name
        if before.exists():
            assert without_state(data) == without_state(before.read_bytes()), name
        task = read_task(name, data).task
        if task.task_id in edited:
            continue
        entry = {"status": "pending", "acs_completed": []} | entries.get(task.task_id, {})
        known = as_known(task, TaskState(criteria=entry.get("criteria", {})))
        assert task.declared_status == entry["status"], name
        assert set(known.met) == set(entry["acs_completed"]), name
        for key in ("started_at", "completed_at"):
            assert getattr(task, key) == msgspec.convert(entry.get(key), datetime | None), (name, key)
