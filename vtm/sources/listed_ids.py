"""Ids that a task file lists: where each stands, and edits of them in the file's own lists."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from vtm.model.edits import Appended, Edit, Removed, Replaced
from vtm.model.finding import Pointer
from vtm.sources.front_matter_entries import Entry
from vtm.sources.front_matter_keys import LISTS
from vtm.sources.front_matter_lists import items_of, without_items
from vtm.sources.front_matter_refusal import not_spliced
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.front_matter_values import instead
from vtm.sources.yaml_scalars import means, written


class _Item(NamedTuple):
    """One item as it is written under a key.

    Attributes:
        place: Among the ids that are read; -1: it is null, or an earlier key has it too.
        is_id: Whether it is not null.
    """

    value: str
    place: int
    is_id: bool = True

    def hides(self, ids: Collection[str]) -> bool:
        """Whether it is one of `ids`, and not read only because an earlier key has it too."""
        return self.is_id and self.place < 0 and self.value in ids


class ListedIds(NamedTuple):
    """The ids of one field of a task, which may stand under several spellings of its key.

    Attributes:
        field: As a manifest calls it.
        lists: The items under each key that has any, in the order of the text.
    """

    text: FrontMatterText
    field: str
    lists: dict[str, list[_Item]]

    @classmethod
    def read(cls, text: FrontMatterText, field: str, ids: Sequence[str]) -> "ListedIds":
        """The items of `text` that are read as `ids`.

        Raises:
            UnreadableError: Some of them do not stand there by themselves.
        """
        lists: dict[str, list[_Item]] = {}
        known: list[str] = []
        for entry in text.entries():
            if LISTS.get(entry.name) == field and not means(entry.node, None):
                lists[entry.name] = list(_items(text, entry, known))
                known += [item.value for item in lists[entry.name] if item.place >= 0]
        if known != list(ids):
            what = f"has {field!r} that come from elsewhere, such as a merge"
            raise not_spliced(text.data, text.name, what, text.parts.yaml, "write each id under its own key")
        return cls(text, field, lists)

    def pointer(self, place: int) -> Pointer:
        """Where an id stands, in the file's own terms."""
        return next(
            (key, at)
            for key, items in self.lists.items()
            for at, item in enumerate(items)
            if item.place == place
        )

    def edited(self, edits: Sequence[Edit], as_lists: Collection[str]) -> FrontMatterText:
        """The text after edits of ids and, under the keys `as_lists`, with a list for a single text.

        Raises:
            UnreadableError: One of the lists cannot be edited safely.
        """
        new = {each.pointer[1]: each.value for each in edits if isinstance(each, Replaced)}
        removed = {each.pointer[1] for each in edits if isinstance(each, Removed)}
        more = [each.value for each in edits if isinstance(each, Appended)]
        lost = self._lost(new, removed)
        text = self.text
        last = next(reversed(self.lists), self.field)
        for key, items in {last: [], **self.lists}.items():
            dropped = [at for at, each in enumerate(items) if each.place in removed or each.hides(lost)]
            kept = [each for at, each in enumerate(items) if at not in dropped]
            values = [new.get(each.place, each.value) for each in kept] + (more if key == last else [])
            if values != [each.value for each in items] or key in as_lists:
                text = _with(text, key, dropped, values, as_list=key in as_lists)
        return text

    def _lost(self, new: Mapping[str | int, str], removed: Collection[str | int]) -> set[str]:
        """The ids that are read no more after edits, and must not be where another key has them too."""
        items = [each for items in self.lists.values() for each in items if each.place >= 0]
        stay = {new.get(each.place, each.value) for each in items if each.place not in removed}
        return {each.value for each in items} - stay


def with_list(text: FrontMatterText, key: str) -> FrontMatterText:
    """With the single text under `key`, if it is one, as the one item of a list.

    Raises:
        UnreadableError: It cannot be written so safely.
    """
    entry = text.entry(key)
    if entry is None or not _is_single(entry):
        return text
    value = entry.node.value
    item = written(value, entry.style, flow=True)
    return text.checked(instead(text.data, entry, f"[{item}]"), key, [value])


def _with(
    text: FrontMatterText, key: str, dropped: Collection[int], values: Sequence[str], *, as_list: bool
) -> FrontMatterText:
    """With `values` under `key`, once the items at `dropped` are gone; a single text stays one if it can."""
    entry = text.entry(key)
    if entry is None or means(entry.node, None):
        return text.with_items(key, values)
    if _is_single(entry) and len(values) == 1 and not as_list:
        return text.with_value(key, values[0])
    text = with_list(text, key)
    entry = text.entry(key)
    if entry is not None and dropped:
        left = [each.value for at, each in enumerate(entry.node.children) if at not in dropped]
        text = text.checked(without_items(text.data, entry, dropped), key, left)
    return text.with_items(key, values)


def _is_single(entry: Entry) -> bool:
    node = entry.node
    return node.kind == "scalar" and not node.anchor and not node.tag and not means(node, None)


def _items(text: FrontMatterText, entry: Entry, known: Sequence[str]) -> Iterator[_Item]:
    """The items under a key; of ids that an earlier key has, none counts."""
    node = entry.node
    children = [node] if _is_single(entry) else node.children
    values = [node.value] if _is_single(entry) else items_of(node)
    if values is None or node.anchor or node.tag:
        what = f"has a {entry.name!r} that does not consist of plain texts, each on one line"
        raise not_spliced(text.data, text.name, what, entry.value.start, "write it as `[a, b]`")
    place = len(known)
    for value, child in zip(values, children, strict=True):
        is_id = not means(child, None)
        counts = is_id and value not in known
        yield _Item(value, place if counts else -1, is_id)
        place += counts
