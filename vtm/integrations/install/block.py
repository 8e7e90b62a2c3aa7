"""Marked blocks in text files that people write."""

from typing import NamedTuple

from vtm.integrations.install.part import LeftError, Part


class Marks(NamedTuple):
    """The lines around a block, as comments of the file's language."""

    begin: bytes
    end: bytes


MARKDOWN = Marks(b"<!-- vtm:begin -->", b"<!-- vtm:end -->")
HASH = Marks(b"# vtm:begin", b"# vtm:end")


class _Block(NamedTuple):
    path: str
    text: bytes
    marks: Marks
    other: str = ""


class Block(_Block, Part):
    """A block at the end of a file, between marks by which it is found again.

    Attributes:
        text: What stands between the marks; it ends with a line end.
    """

    def added(self, before: bytes | None) -> bytes:
        """The file with the block: where it is, or at the end."""
        data = before or b""
        found = self._found(data)
        newline = b"\r\n" if b"\r\n" in (data[slice(*found)] if found else data) else b"\n"
        block = newline.join([self.marks.begin, *self.text.splitlines(), self.marks.end, b""])
        if found:
            return data[: found[0]] + block + data[found[1] :]
        if not data:
            return block
        ended = data if data.endswith(b"\n") else data + newline
        return ended + newline + block

    def removed(self, before: bytes) -> bytes | None:
        """The file without the block and the blank line before it."""
        found = self._found(before)
        if not found:
            return before
        head, tail = before[: found[0]], before[found[1] :]
        newline = b"\r\n" if b"\r\n" in before[slice(*found)] else b"\n"
        if head.endswith(b"\n" + newline):
            head = head.removesuffix(newline)
        return head + tail or None

    def _found(self, data: bytes) -> tuple[int, int] | None:
        """From where to where the block is.

        Raises:
            LeftError: There are not two marks in their order, or the file is no text.
        """
        if b"\0" in data:
            raise LeftError("it is not text", self.by_hand)
        counts = data.count(self.marks.begin), data.count(self.marks.end)
        if counts == (0, 0):
            return None
        start, end = data.find(self.marks.begin), data.find(self.marks.end)
        if counts != (1, 1) or end < start:
            raise LeftError("the marks around the block of vtm in it are out of order", self.by_hand)
        after = data.find(b"\n", end)
        return start, len(data) if after < 0 else after + 1

    @property
    def by_hand(self) -> str:
        """The block as somebody would put it in."""
        return b"\n".join([self.marks.begin, self.text.rstrip(b"\n"), self.marks.end]).decode()
