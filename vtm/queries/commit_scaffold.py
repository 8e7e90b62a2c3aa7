"""What the message of a commit says of its task: scaffolds for people, agents and hooks."""

import re
from collections.abc import Iterator, Sequence
from textwrap import fill

from msgspec import Struct

from vtm.model.plain import one_line
from vtm.model.task import Criterion, Task
from vtm.queries.commit_message import LONGEST_SUBJECT, commit_message

_UNFINISHED = ("fixup! ", "squash! ", "amend! ")
_WORD = re.compile(r"\w[\w.-]*\w|\w")


class CommitScaffold(Struct, frozen=True, tag_field="schema", tag="vtm.commit-msg/1"):
    """The message of the commit that meets one criterion.

    Attributes:
        criterion: Its id.
        subject: The first line, at most 72 characters.
        message: All of it, the subject included; no line end behind its last line.
    """

    task_id: str
    criterion: str
    subject: str
    message: str


class MessageAllowed(Struct, frozen=True, tag_field="schema", tag="vtm.hook.commit-msg/1"):
    """A commit may have this message.

    Attributes:
        branch: That it is made on; empty: none is checked out, or this is outside git.
        task_id: Whose branch that is; empty: nobody's.
        criteria: Ids of those that the message names.
        note: Why nobody looked at it; empty: it was looked at.
    """

    branch: str
    task_id: str
    criteria: Sequence[str]
    note: str = ""


class MessagePrepared(Struct, frozen=True, tag_field="schema", tag="vtm.hook.prepare-commit-msg/1"):
    """What was filled in where there was no message.

    Attributes:
        branch: That the commit is made on; empty: none is checked out, or this is outside git.
        task_id: Whose branch that is; empty: nobody's.
        criterion: Id of the one whose message was filled in; empty: nothing was.
        note: Why nothing could be; empty: there was no need.
    """

    branch: str
    task_id: str
    criterion: str
    note: str = ""


def commit_scaffold(task: Task, criterion: Criterion) -> CommitScaffold:
    """The message for one criterion: subject, and its whole text below.

    Lines of the text but the first are indented, so that git takes none of them for a comment.
    """
    subject = commit_message(task, criterion)
    text = one_line(" ".join(f"Meets {criterion.id}: {criterion.text}".split()))
    body = fill(text, LONGEST_SUBJECT, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return CommitScaffold(task.task_id, criterion.id, subject, f"{subject}\n\n{body}")


def is_unfinished(message: str) -> bool:
    """Whether it is of a commit that will be melted into another one, which has a message of its own."""
    return message.startswith(_UNFINISHED)


def criteria_in(task: Task, message: str) -> tuple[str, ...]:
    """The criteria of a task that a message names: by their id, or by its end where the task is named too."""
    ids = [each.id for each in task.acceptance_criteria]
    short = set(_WORD.findall(message)) if _names(message, task.task_id) else set()
    by_end = {
        ends[0] for word in short if len(ends := [each for each in ids if each.endswith(f"-{word}")]) == 1
    }
    return tuple(each for each in dict.fromkeys(ids) if each in by_end or _names(message, each))


def owners_of(tasks: Sequence[Task], message: str) -> Iterator[tuple[str, str]]:
    """The criteria of any tasks that a message names by their whole id, each with its task."""
    words = set(re.split(r"[\s:;,()\[\]]+", message))
    for task in tasks:
        for each in task.acceptance_criteria:
            if each.id in words:
                yield each.id, task.task_id


def _names(message: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", message) is not None
