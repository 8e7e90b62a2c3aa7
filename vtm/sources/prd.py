"""The master PRD, as far as vtm looks at it."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from vtm.model.facts import PrdFacts
from vtm.model.finding import Defect
from vtm.sources.files import Missing, read_bytes

DEFAULT = "docs/master/prd-master.md"
_LONGEST = 65_536
_MOST_BRACKETS = 1000
_UNSAID = {"", "~", "null"}


def read_prd(root: Path, name: str) -> PrdFacts:
    """Status, phase and hash of the PRD at `name`, or at the default place where `name` is empty."""
    path, required = name or DEFAULT, bool(name)
    if not _inside(root, path):
        return PrdFacts(path, required=required, problem="leaves the repository")
    data = read_bytes(root / path, path)
    if isinstance(data, Missing):
        return PrdFacts(path, required=required)
    if isinstance(data, Defect):
        return PrdFacts(path, exists=True, required=required, problem=data.message.removeprefix(f"{path} "))
    try:
        front = _values(_front_matter(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        first = str(error).partition("\n")[0]
        return PrdFacts(path, exists=True, required=required, problem=f"has unreadable front matter: {first}")
    return PrdFacts(
        path,
        exists=True,
        required=required,
        status=_said(front, "status").casefold(),
        phase=_said(front, "phase") or "unknown",
        sha256=sha256(data).hexdigest(),
    )


def _inside(root: Path, path: str) -> bool:
    """Whether `path`, its symbolic links followed, is below `root`; a name that no file can have is too."""
    if "\0" in path:
        return True
    return Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))


def _front_matter(text: str) -> str:
    """The front matter of a document; empty where it has none, or one without an end."""
    handler = YAMLHandler()
    text = text.lstrip()
    try:
        return handler.split(text)[0] if handler.detect(text) else ""
    except ValueError:
        return ""


def _values(front: str) -> dict[str, object]:
    """What front matter says, each scalar as it is written: no date or number is converted, so none can fail.

    Raises:
        yaml.YAMLError: It is not YAML, or more than the parser could get through in a moment.
    """
    if len(front) > _LONGEST or front.count("[") + front.count("{") > _MOST_BRACKETS:
        raise yaml.YAMLError("it is too long or has too many brackets")
    found: Any = YAMLHandler().load(front, Loader=yaml.BaseLoader)
    return found if isinstance(found, dict) else {}


def _said(front: dict[str, object], key: str) -> str:
    value = front.get(key)
    text = value.strip() if isinstance(value, str) else ""
    return "" if text.casefold() in _UNSAID else text
