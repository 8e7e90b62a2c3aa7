"""Front matter in one order of keys; nothing but the places of whole entries changes."""

import re
from collections.abc import Sequence

from vtm.errors import UnreadableError
from vtm.sources.front_matter import fast
from vtm.sources.front_matter_entries import Entry
from vtm.sources.front_matter_refusal import not_spliced
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.markdown_text import parts
from vtm.sources.task_writing import ORDER
from vtm.sources.yaml_error import YamlError
from vtm.sources.yaml_events import load

_KEY = re.compile(r"^([^\s#-][^:\n]*):", re.MULTILINE)
_BY_HAND = "put the keys in order by hand"


def in_order(data: bytes, name: str) -> bytes:
    """The task file `name`, whose bytes are `data`, with its keys in `ORDER` and all others behind, as found.

    An entry moves with the comments right above it and on its lines; what stands between blank lines stays.

    Raises:
        UnreadableError: It cannot be put in order without another change.
    """
    if _is_in_order(data):
        return data
    text = FrontMatterText.read(data, name)
    entries = text.entries()
    wanted = sorted(entries, key=lambda each: _rank(each.name))
    if list(entries) == wanted:
        return data
    changed = _moved(text, entries, wanted)
    what = _difference(text, changed)
    if what:
        raise not_spliced(data, name, f"cannot be put in order: {what}", text.parts.yaml, _BY_HAND)
    return changed


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _is_in_order(data: bytes) -> bool:
    """Whether nothing is to be done, as far as that can be told in no time; False: perhaps."""
    found = parts(data)
    try:
        text = data[found.yaml : found.end].decode() if found else ""
    except UnicodeDecodeError:
        return False
    if not text or fast(text) is None:
        return False
    ranks = [_rank(key.strip().strip("'\"")) for key in _KEY.findall(text)]
    return ranks == sorted(ranks)


def _moved(text: FrontMatterText, entries: Sequence[Entry], wanted: Sequence[Entry]) -> bytes:
    data, at, pieces = text.data, 0, []
    for there, comes in zip(entries, wanted, strict=True):
        pieces += [data[at : there.span.start], data[slice(*comes.span)]]
        at = there.span.end
    return b"".join([*pieces, data[at:]])


def _difference(before: FrontMatterText, data: bytes) -> str:
    """What else than the order is another one in `data`; empty: nothing."""
    try:
        after = FrontMatterText.read(data, before.name)
    except UnreadableError as error:
        return error.message.removeprefix(f"{before.name} cannot be edited: ")
    old, new = ({each.name: each.node.shape for each in text.entries()} for text in (before, after))
    changed = [key for key in old if new.get(key) != old[key]]
    if changed or len(old) != len(new):
        return f"{changed[0] if changed else 'a key'} would not have the same value"
    if before.data[before.parts.end :] != data[after.parts.end :]:
        return "the body would change"
    return _other_meaning(before, after)


def _other_meaning(before: FrontMatterText, after: FrontMatterText) -> str:
    """Whether an alias or a merge means something else by now."""
    try:
        old, new = (load(text.data[text.parts.yaml : text.parts.end].decode()) for text in (before, after))
    except YamlError as error:
        return f"it {error.message}"
    return "" if old == new else "an alias would not have the same value"
