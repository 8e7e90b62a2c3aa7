"""How a task is named in git: its branch, its commits, its pull request."""

import re

from vtm.model.plain import one_line
from vtm.model.task import Criterion, Task

LONGEST_SUBJECT = 72
"""Characters of a commit's first line, beyond which git's own tools cut it."""
LONGEST_TITLE = 120
"""Characters of a pull request's title."""
PREFIX = "feat/"
_LONGEST_NAME, _MOST_BYTES = 100, 200
"""Of what stands behind the prefix; a file system takes 255 bytes, and git puts more behind them."""
_UNFIT = re.compile(r"[^\w.+-]+|\.{2,}|^[.-]+|\.+$|\.lock$")


def branch_of(task_id: str) -> str:
    """The branch of a task: `feat/` and its id.

    Where git or a shell would not take the id, what they would not take becomes `-`, and a piece of its hash
    keeps it apart from its like.

    Source: git-check-ref-format(1).
    """
    if len(task_id) <= _LONGEST_NAME and not _UNFIT.search(task_id) and len(task_id.encode()) <= _MOST_BYTES:
        return PREFIX + task_id
    from hashlib import sha256  # noqa: PLC0415  3 ms, only for ids that cannot be the name of a branch

    mark = sha256(task_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    fit = _UNFIT.sub("-", task_id)[:_LONGEST_NAME].encode()[: _MOST_BYTES - len(mark) - 1]
    name = fit.decode("utf-8", "ignore").strip("-.")
    return f"{PREFIX}{name}-{mark}" if name else PREFIX + mark


def short_id(task: Task, criterion: Criterion) -> str:
    """The shortest end of a criterion's id that means no other criterion of the task: `AC01`.

    It is one that `criteria_named` understands.
    """
    own = {each.id for each in task.acceptance_criteria}
    parts = criterion.id.split("-")
    for at in range(len(parts) - 1, 0, -1):
        end = "-".join(parts[at:])
        if end and end not in own and sum(each.endswith(f"-{end}") for each in own) == 1:
            return end
    return criterion.id


def commit_message(task: Task, criterion: Criterion) -> str:
    """The message of the commit that meets a criterion: `feat(A--T01): AC01 It works`, one line."""
    return _subject(task.task_id, f"{short_id(task, criterion)} {criterion.text}", LONGEST_SUBJECT)


def pull_request_title(task: Task) -> str:
    """The title of a task's pull request: `feat(A--T01): Sign in`, one line."""
    return _subject(task.task_id, task.title, LONGEST_TITLE)


def merge_message(task: Task, branch: str) -> str:
    """The message of the commit that merges a task's branch: `Merge feat/A--T01: Sign in`, one line."""
    words = _cut(one_line(" ".join(task.title.split())), LONGEST_TITLE)
    return f"Merge {branch}: {words}" if words else f"Merge {branch}"


def unfinished_message(task_id: str, text: str) -> str:
    """The message of a commit that keeps what is not finished: `wip(A--T01): No mail server`, one line."""
    return _subject(task_id, text, LONGEST_SUBJECT, "wip")


def _subject(task_id: str, text: str, longest: int, kind: str = "feat") -> str:
    """`feat(<id>): <text>`, both without line breaks and unsafe characters; what is too long ends in `…`."""
    scope = _cut(one_line(" ".join(task_id.split())), longest // 2)
    words = _cut(one_line(" ".join(text.split())).rstrip("."), longest - len(f"{kind}({scope}): "))
    return f"{kind}({scope}): {words}" if words else f"{kind}({scope}):"


def _cut(text: str, longest: int) -> str:
    """`text` in at most `longest` characters, cut between words where that leaves most of it."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    before = kept.rpartition(" ")[0]
    return (before if len(before) > longest // 2 else kept).rstrip(" .,;:") + "…"
