"""Findings that are known: the JSON that `vtm validate` printed earlier."""

from pathlib import Path
from typing import Any

from vtm.errors import VtmError, WrongUsageError
from vtm.model.finding import Defect
from vtm.sources.decoder import MalformedError, parse
from vtm.sources.files import Missing, read_bytes
from vtm.sources.positions import position

Known = frozenset[tuple[str, str, str]]


def load_baseline(path: Path) -> Known:
    """Code, path and message of each finding in a baseline.

    Raises:
        WrongUsageError: There is no such file, or it is not what `vtm validate --json` prints.
    """
    data = read_bytes(path, path.name)
    if isinstance(data, Missing):
        raise _refused(path, "does not exist")
    if isinstance(data, Defect):
        raise _refused(path, data.message.removeprefix(f"{path.name} "))
    try:
        document = parse(data)
    except MalformedError as error:
        what = error.args[0]
        raise _refused(path, what.message, *position(data, what.offset)) from None
    findings = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(findings, list):
        raise _refused(path, "holds no findings")
    return frozenset(_known(each) for each in findings if isinstance(each, dict))


def _known(finding: dict[str, Any]) -> tuple[str, str, str]:
    location = finding.get("location")
    path = location.get("path") if isinstance(location, dict) else ""
    return str(finding.get("code")), str(path), str(finding.get("message"))


def _refused(path: Path, reason: str, line: int = 0, column: int = 0) -> VtmError:
    return WrongUsageError(
        f"baseline {path.name} {reason}",
        code="INVALID-BASELINE",
        path=path.name,
        line=line,
        column=column,
        fix=f"write it with `vtm validate --json > {path.name}`",
    )
