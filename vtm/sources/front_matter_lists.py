"""Which bytes to replace to give a list of front matter other items."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from vtm.sources.flow_lists import Step, flow_list
from vtm.sources.front_matter_entries import Entry, line_end, line_start
from vtm.sources.front_matter_values import Splice
from vtm.sources.yaml_nodes import Node
from vtm.sources.yaml_scalars import written

_GAP = re.compile(rb"(?:[ \r\n]+|#[^\r\n]*)*")


def items_of(node: Node) -> list[str] | None:
    """The items of a list; None where one is no plain or quoted text, or has an anchor or a tag."""
    if node.kind != "list" or not all(_is_simple(each) for each in node.children):
        return None
    return [each.value for each in node.children]


def new_list(data: bytes, keys: Sequence[Entry], items: Sequence[str]) -> str:
    """The text behind the colon of a list that is new: in lines of its own where another list is."""
    sample = next((each for each in keys if each.node.kind == "list" and not each.style), None)
    if sample is None or not items:
        return " [" + ", ".join(written(each, "", flow=True) for each in items) + "]"
    start = sample.node.start
    deeper = (start - line_start(data, start)) - (sample.key.start - sample.lines.start)
    return "".join(f"\n{' ' * deeper}- {written(each, '')}" for each in items)


def with_items(data: bytes, entry: Entry, items: Sequence[str]) -> list[Splice]:
    """Make the items of a list these."""
    return _changed(data, entry, items, steps(entry.node, items))


def without_items(data: bytes, entry: Entry, places: Collection[int]) -> list[Splice]:
    """Take the items at these places out of a list, with the comments on their lines."""
    items = [each.value for at, each in enumerate(entry.node.children) if at not in places]
    todo = (Step("drop" if at in places else "keep", at) for at in range(len(entry.node.children)))
    return _changed(data, entry, items, todo)


def _changed(data: bytes, entry: Entry, items: Sequence[str], todo: Iterator[Step]) -> list[Splice]:
    node = entry.node
    style = _common_style(node)
    if node.style:
        texts = [written(each, style, flow=True).encode() for each in items]
        return [Splice(node.start, node.end, flow_list(data, node, todo, texts))]
    lines = list(_lines(data, entry))
    if not items:
        return [
            Splice(entry.colon, entry.colon, b" []"),
            *(Splice(start, end, b"") for start, _, end in lines),
        ]
    return _block_list(data, entry, lines, todo, [written(each, style).encode() for each in items])


def steps(node: Node, items: Sequence[str]) -> Iterator[Step]:
    """What happens to each item of a list, and where the new ones go."""
    old = [each.value for each in node.children]
    for what, first, last, new, stop in SequenceMatcher(None, old, items, autojunk=False).get_opcodes():
        for at in range(first, last):
            yield Step("keep" if what == "equal" else "drop", at)
        if what != "equal":
            for at in range(new, stop):
                yield Step("new", at)


def _is_simple(node: Node) -> bool:
    plain = node.kind == "scalar" and node.style not in {"|", ">"} and not node.anchor and not node.tag
    return plain and node.start < node.end


def _common_style(node: Node) -> str:
    """The quote that all items have; none where they differ."""
    found = {each.style for each in node.children}
    return found.pop() if len(found) == 1 else ""


def _lines(data: bytes, entry: Entry) -> Iterator[tuple[int, int, int]]:
    """Of each item of a block list, where its first line, its dash and what is behind its last line start."""
    behind = entry.node.start
    for item in entry.node.children:
        gap = _GAP.match(data, behind)
        dash = gap.end() if gap else behind
        yield line_start(data, dash), dash, line_end(data, item.end)
        behind = item.end


def _block_list(
    data: bytes, entry: Entry, lines: list[tuple[int, int, int]], todo: Iterator[Step], texts: list[bytes]
) -> list[Splice]:
    first, dash, end = lines[0]
    gap = data[dash + 1 : entry.node.children[0].start]
    prefix = data[first:dash] + b"-" + (gap if gap.strip(b" ") == b"" and gap else b" ")
    newline = data[len(data[:end].rstrip(b"\r\n")) : end] or b"\n"
    found: list[Splice] = []
    new: dict[int, bytes] = {}
    place = first
    for what, at in todo:
        if what == "new":
            new[place] = new.get(place, b"") + prefix + texts[at] + newline
            continue
        place = lines[at][2]
        if what == "drop":
            found.append(Splice(lines[at][0], place, b""))
    return found + [Splice(at, at, text) for at, text in new.items()]
