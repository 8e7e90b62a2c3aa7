"""Which parts of a task's documents go into a budget."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.errors import WrongUsageError
from vtm.model.document import Document, Section, Span
from vtm.model.task import Task
from vtm.queries.budget import CHARACTERS
from vtm.queries.context import Chosen, Context, context, piece
from vtm.queries.context_parts import Part, parts_of, rated
from vtm.queries.relevance import Relevance, Why

_SLACK = 40
"""Characters by which a piece may lengthen the list of what is left out."""


class Weighing(NamedTuple):
    """How many characters something takes in that form of the answer in which it takes more.

    Attributes:
        answer: For a whole answer.
        text: For lines of a document within one.
    """

    answer: Callable[[Context], int]
    text: Callable[[str], int]


def context_within(
    task: Task, documents: Sequence[Document], cuts: Sequence[Sequence[Section]], budget: int, weigh: Weighing
) -> Context:
    """The documents whole where they fit, else what names the task; `cuts` has the sections of each.

    What names the task or a criterion comes first, then whole documents in the order in which the task names
    them, then sections that name its capability, then those that share words with it. A section that does not
    fit is represented by those of its blocks that do.

    Raises:
        WrongUsageError: Not even the list of what is left out fits.
    """
    relevance = Relevance(task)
    parts = parts_of(relevance, documents, cuts)
    about = [
        [each.chosen.span for each in parts if each.chosen.document == at] for at in range(len(documents))
    ]

    def answer(chosen: Sequence[Chosen]) -> Context:
        return context(task, documents, chosen, budget, about)

    limit = budget * CHARACTERS
    least = weigh.answer(answer(()))
    if least > limit:
        raise _too_small(task, budget, least)
    basket = _Basket(documents, limit - least, weigh, context(task, (), (), budget, ()))
    for part in parts:
        if part.chosen.why is Why.TASK:
            _take(basket, part, relevance, documents)
    for at, document in enumerate(documents):
        if not document.problem:
            basket.put_whole(at)
    for part in parts:
        if part.chosen.why is not Why.TASK and part.chosen.document not in basket.whole:
            _take(basket, part, relevance, documents)
    chosen = basket.chosen
    while weigh.answer(answer(chosen)) > limit:  # what was reckoned for the list was too little
        chosen = chosen[:-1]
    return answer(chosen)


def _too_small(task: Task, budget: int, least: int) -> WrongUsageError:
    return WrongUsageError(
        f"{budget} tokens do not hold the list of the documents of {task.task_id}",
        code="BUDGET-TOO-SMALL",
        fix=f"allow at least {-(-least // CHARACTERS)}, and more for any text of them",
    )


def _take(basket: "_Basket", part: Part, relevance: Relevance, documents: Sequence[Document]) -> None:
    """Choose a section, or those of its blocks that name the task, as far as there is room."""
    if basket.put(part.chosen) or len(part.blocks) < 2:
        return
    at = part.chosen.document
    blocks = [(at, Section(span, "", ())) for span in part.blocks]
    for block in rated(relevance, documents, blocks):
        basket.put(block.chosen)


class _Basket:
    """What was chosen so far, and how much room is left.

    Attributes:
        chosen: In the order of choice.
        whole: The documents that are all in it.
    """

    def __init__(self, documents: Sequence[Document], room: int, weigh: Weighing, bare: Context) -> None:
        self._documents, self._left, self._weigh, self._bare = documents, room, weigh, bare
        self.chosen: list[Chosen] = []
        self.whole: set[int] = set()
        self._costs: dict[Chosen, int] = {}
        self._edges: set[tuple[int, int]] = set()
        self._least = [self._overhead(at) for at in range(len(documents))]

    def put(self, each: Chosen) -> bool:
        """Choose one more; False: there is no room for it."""
        cost = self._cost(each)
        if cost > self._left:
            return False
        self._left -= cost
        self._costs[each] = cost
        self.chosen.append(each)
        self._edges |= {(each.document, each.span.first), (each.document, each.span.last)}
        return True

    def put_whole(self, at: int) -> None:
        """Choose all of a document in place of what of it was chosen before, if there is room."""
        parts = [each for each in self.chosen if each.document == at]
        freed = sum(self._costs[each] for each in parts)
        whole = Chosen(at, self._documents[at].all, Why.WHOLE)
        edges, self._edges = self._edges, {each for each in self._edges if each[0] != at}
        self._left += freed
        if self.put(whole):
            self.whole.add(at)
            self.chosen = [each for each in self.chosen if each not in parts]
        else:
            self._left -= freed
            self._edges = edges

    def _cost(self, each: Chosen) -> int:
        """What it takes at most; a neighbour of what is there already becomes one piece with it."""
        document, (first, last) = self._documents[each.document], each.span
        text = self._weigh.text(document.text(each.span)) + len("\\n")
        if self._edges & {(each.document, first - 1), (each.document, last + 1)}:
            return text
        return text + self._least[each.document]

    def _overhead(self, at: int) -> int:
        """What a piece of a document takes beside its text."""
        document = self._documents[at]
        behind = len(document.lines) + 1
        empty = piece(document, Chosen(at, Span(behind, behind), Why.CAPABILITY))
        alone = replace(self._bare, pieces=[empty])
        return self._weigh.answer(alone) - self._weigh.answer(self._bare) + _SLACK
