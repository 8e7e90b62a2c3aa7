"""The text of a list in brackets with other items, every kept byte of it where it was."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from vtm.sources.yaml_nodes import Node

_MIDDLE = re.compile(rb"(?:[ \r\n]+|(?<=[ \r\n])#[^\r\n]*)*")
_COMMENT = re.compile(rb"[ ]*(?<=[ ])#[^\r\n]*")
_WHITE = b" \r\n"


class Step(NamedTuple):
    """What happens to the item at a position of the old list, or, if it is new, of the new one."""

    what: Literal["keep", "drop", "new"]
    at: int


class _Piece(NamedTuple):
    """An item: what is in front of it, its text, what is in front of its comma, the comment behind that."""

    lead: bytes
    text: bytes
    middle: bytes = b""
    tail: bytes = b""


def flow_list(data: bytes, node: Node, steps: Iterable[Step], texts: Sequence[bytes]) -> bytes:
    """`[...]` after these steps; new items are at their position in `texts`.

    A comment on a line of its own stays; a comment on the line of an item goes with it.
    """
    pieces, close, trailing = _split(data, node)
    kept: list[_Piece] = []
    carried = b""
    for what, at in steps:
        piece = pieces[at] if what != "new" else _Piece(_usual_lead(pieces), texts[at])
        if what == "drop":
            carried += _comment_lines(piece.lead)
            continue
        lead = _moved(piece.lead, pieces, was_first=what == "keep" and at == 0, is_first=not kept)
        kept.append(piece._replace(lead=_behind(carried, lead)))
        carried = b""
    if not kept and not carried:
        return b"[]"
    return (
        b"["
        + _joined(kept, pieces, trailing=trailing)
        + _closed(kept, _behind(carried, close), pieces)
        + b"]"
    )


def _split(data: bytes, node: Node) -> tuple[list[_Piece], bytes, bool]:
    """The items, what is in front of the closing bracket, and whether a comma is behind the last item."""
    pieces: list[_Piece] = []
    at, comma = node.start + 1, False
    for item in node.children:
        found = _MIDDLE.match(data, item.end)
        stop = found.end() if found else item.end
        comma = data[stop : stop + 1] == b","
        middle = data[item.end : stop] if comma else b""
        behind = stop + 1 if comma else item.end
        comment = _COMMENT.match(data, behind)
        tail = comment[0] if comment else b""
        pieces.append(_Piece(data[at : item.start], data[item.start : item.end], middle, tail))
        at = behind + len(tail)
    return pieces, data[at : node.end - 1], comma


def _usual_lead(pieces: Sequence[_Piece]) -> bytes:
    """White space in front of an item that is not the first."""
    if not pieces:
        return b" "
    if len(pieces) == 1 and b"\n" not in pieces[0].lead:
        return b" "
    return _last_white(pieces[min(1, len(pieces) - 1)].lead)


def _last_white(lead: bytes) -> bytes:
    """The white space at the end of what is in front of an item, from the last line end on."""
    white = lead[len(lead.rstrip(_WHITE)) :]
    return white[white.rfind(b"\r\n") if b"\r\n" in white else max(white.rfind(b"\n"), 0) :]


def _moved(lead: bytes, pieces: Sequence[_Piece], *, was_first: bool, is_first: bool) -> bytes:
    """White space in front of an item, where it becomes the first one or ceases to be it."""
    if was_first == is_first or lead.strip(_WHITE):
        return lead
    if not is_first:
        return _usual_lead(pieces)
    first = pieces[0].lead if pieces else b""
    return first if not first.strip(_WHITE) else _last_white(first)


def _comment_lines(lead: bytes) -> bytes:
    return lead if b"#" in lead else b""


def _behind(carried: bytes, lead: bytes) -> bytes:
    """`lead` behind the comments in front of items that went."""
    if not carried:
        return lead
    return carried.rstrip(_WHITE) + lead if b"\n" in lead else carried


def _joined(kept: Sequence[_Piece], pieces: Sequence[_Piece], *, trailing: bool) -> bytes:
    text, tail = b"", b""
    for position, piece in enumerate(kept):
        lead = piece.lead
        if tail and b"\n" not in lead:
            lead = _line_break(pieces) + lead.lstrip(b" ")
        last = position == len(kept) - 1
        comma = b"" if last and not trailing else b","
        text += lead + piece.text + piece.middle + comma + piece.tail
        tail = piece.tail
    return text


def _closed(kept: Sequence[_Piece], close: bytes, pieces: Sequence[_Piece]) -> bytes:
    """What is in front of the closing bracket; behind a comment that has to be another line."""
    return _line_break(pieces) + close if kept and kept[-1].tail and b"\n" not in close else close


def _line_break(pieces: Sequence[_Piece]) -> bytes:
    """A line end with the indentation behind it, as another item has it."""
    return next((_last_white(each.lead) for each in pieces if b"\n" in each.lead), b"\n ")
