"""SQL, kept in files of its own."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def statements(name: str) -> Mapping[str, str]:
    """The statements in the file `name`, by what each is called in the comment above it."""
    parts = _NAME.split((Path(__file__).parent / f"{name}.sql").read_text("utf-8"))[1:]
    return MappingProxyType(dict(zip(parts[::2], parts[1::2], strict=True)))
