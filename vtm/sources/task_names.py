"""Where the file of a task is: its id below the folder of tasks."""

import re
from hashlib import sha256

from vtm.errors import WrongUsageError

_LONGEST = 200
"""Bytes of one part of a path: 255 is what systems let a name have, and temporary names are longer."""
_LONGEST_PATH = 800
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_CONTROL = re.compile("[\x00-\x1f\\\\]")
_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"|?*\\\\]')


def problem(task_id: str) -> str:
    """Why no file can be named after an id; empty: one can.

    Source: what Windows refuses is refused everywhere, since a backlog is cloned to other systems.
    """
    parts = task_id.split("/")
    if _FORBIDDEN.search(task_id):
        return 'a file name cannot hold control characters, nor any of < > : " | ? * \\'
    if not all(parts):
        return "it has an empty part"
    if any(each.startswith(".") for each in parts):
        return "a part of it starts with a dot"
    if any(each != each.strip() or each.endswith(".") for each in parts):
        return "a part of it starts or ends with a space, or ends with a dot"
    if any(_RESERVED.fullmatch(each) for each in parts):
        return "a part of it is a name that Windows keeps for devices"
    if any(len(each.encode()) > _LONGEST for each in parts) or len(task_id.encode()) > _LONGEST_PATH:
        return "it is too long"
    return ""


def is_below(path: str) -> bool:
    """Whether a path stays below the folder that it is relative to, and names nothing hidden."""
    parts = path.split("/")
    return all(parts) and not any(each.startswith(".") for each in parts) and not _CONTROL.search(path)


def file_of(folder: str, task_id: str) -> str:
    """The path of the file of a task below `folder`, POSIX.

    Raises:
        WrongUsageError: No file can be named like that.
    """
    wrong = problem(task_id)
    if wrong:
        raise WrongUsageError(
            f"no file can be named after the id {task_id[:80]!r}: {wrong}",
            code="NOT-AN-ID",
            fix="choose an id of letters, digits, - and _, with / between folders",
        )
    return f"{folder.rstrip('/')}/{task_id}.md"


def any_file_of(folder: str, task_id: str) -> str:
    """The path of a file for any id: one that names no file is written with other characters and a digest."""
    if not problem(task_id):
        return f"{folder.rstrip('/')}/{task_id}.md"
    words = "-".join(re.findall(r"[A-Za-z0-9_]+", task_id))[:60]
    digest = sha256(task_id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{folder.rstrip('/')}/{words or 'task'}-{digest}.md"
