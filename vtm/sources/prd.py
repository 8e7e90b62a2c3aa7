"""The master PRD, as far as vtm looks at it."""

from hashlib import sha256
from pathlib import Path

import frontmatter
import yaml

from vtm.model.facts import PrdFacts
from vtm.model.finding import Defect
from vtm.sources.files import Missing, read_bytes

DEFAULT = "docs/master/prd-master.md"


def read_prd(root: Path, name: str) -> PrdFacts:
    """Status, phase and hash of the PRD at `name`, or at the default place where `name` is empty."""
    path, required = name or DEFAULT, bool(name)
    if not (root / path).resolve().is_relative_to(root.resolve()):
        return PrdFacts(path, required=required, problem="leaves the repository")
    data = read_bytes(root / path, path)
    if isinstance(data, Missing):
        return PrdFacts(path, required=required)
    if isinstance(data, Defect):
        return PrdFacts(path, exists=True, required=required, problem=data.message.removeprefix(f"{path} "))
    try:
        front = frontmatter.loads(data.decode("utf-8-sig")).metadata
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        first = str(error).partition("\n")[0]
        return PrdFacts(path, exists=True, required=required, problem=f"has unreadable front matter: {first}")
    return PrdFacts(
        path,
        exists=True,
        required=required,
        status=str(front.get("status") or "").strip().casefold(),
        phase=str(front.get("phase") or "unknown"),
        sha256=sha256(data).hexdigest(),
    )
