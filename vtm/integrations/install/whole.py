"""Files that are all of vtm's."""

from typing import NamedTuple

from vtm.integrations.install.part import LeftError, Part


class _Whole(NamedTuple):
    path: str
    text: bytes
    other: str = ""


class Whole(_Whole, Part):
    """A file that holds `text` and nothing else."""

    def added(self, before: bytes | None) -> bytes:
        """The text; a file of that name that holds anything else is somebody's own."""
        if before not in {None, self.text}:
            raise LeftError("it is there and says something else; without it you get vtm's")
        return self.text

    def removed(self, before: bytes) -> None:
        """Nothing."""
        if before != self.text:
            raise LeftError("it says something else than what was installed; remove it yourself")
