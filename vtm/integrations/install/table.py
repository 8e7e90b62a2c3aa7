"""Tables in TOML files of settings that people and other programs write."""

import tomllib
from collections.abc import Sequence

from vtm.integrations.install.block import HASH, Block
from vtm.integrations.install.part import LeftError


class Table(Block):
    """A block that holds one table. With it the file is TOML, or else it does not get it."""

    @classmethod
    def of(cls, path: str, keys: Sequence[str], lines: str) -> "Table":
        """That at `keys` with these lines in the file at `path`."""
        return cls(path, f"[{'.'.join(keys)}]\n{lines}".encode(), HASH)

    def added(self, before: bytes | None) -> bytes:
        """The file with the block."""
        after = super().added(before)
        if not _is_toml(self.removed(after) or b""):
            raise LeftError("it is not TOML", self.by_hand)
        if not _is_toml(after):
            name = self.text.splitlines()[0].decode()
            raise LeftError(f"{name} is there already, or has no place in it", self.by_hand)
        return after


def _is_toml(data: bytes) -> bool:
    try:
        tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
