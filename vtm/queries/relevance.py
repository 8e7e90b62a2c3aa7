"""What of a document a task is about."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from vtm.model.task import Task

_WORD = re.compile(r"[^\W\d_]{4,}")
_FILLING = frozenset(
    """also been before does each every from have into more must never none only other same shall should some
    such task than that their them then there these they this those what when where which while will with
    without would your""".split()  # noqa: SIM905  a list of so many words would take a page
)


class Why(StrEnum):
    """Why a piece of a document was chosen; the first that is true."""

    WHOLE = "whole"
    TASK = "task"
    CAPABILITY = "capability"
    WORDS = "words"


class Relevance:
    """What names a task: its id, those of its criteria, its capability, words of title and criteria."""

    def __init__(self, task: Task) -> None:
        self._ids = _any_of([task.task_id, *(each.id for each in task.acceptance_criteria)])
        capability = re.split(r"[-_\s]+", task.capability_id.strip())
        self._capability = re.compile(
            r"(?<!\w)" + r"[-_\s]+".join(map(re.escape, capability)) + r"(?!\w)", re.IGNORECASE
        )
        self._has_capability = any(capability)
        said = " ".join([task.title, *(each.text for each in task.acceptance_criteria)])
        self._words = sorted(set(_WORD.findall(said.casefold())) - _FILLING)

    def of(self, text: str) -> Why | None:
        """Why `text` is about the task; None: it names nothing of it."""
        if self._ids.search(text):
            return Why.TASK
        if self._has_capability and self._capability.search(text):
            return Why.CAPABILITY
        folded = text.casefold()
        return Why.WORDS if any(word in folded for word in self._words) else None

    def weights(self, texts: Sequence[str]) -> list[float]:
        """How much each of `texts` has in common with the task: a word counts the more, the fewer hold it."""
        folded = [text.casefold() for text in texts]
        weights = [0.0] * len(folded)
        for word in self._words:
            holding = [at for at, text in enumerate(folded) if word in text]
            for at in holding:
                weights[at] += 1 / len(holding)
        return weights


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds any of `names` as a whole; the id of a task also within those of its criteria."""
    longest_first = sorted({re.escape(name) for name in names}, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?!\w)")
