"""Why there is no answer."""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct

from vtm.errors import VtmError
from vtm.model.finding import Finding, Location
from vtm.model.refusal import RefusedError


class Failure(Struct, frozen=True, tag_field="schema", tag="vtm.error/1"):
    """Why a command gave no answer.

    Attributes:
        error: One word for the kind of failure, the name of the exit code.
        code: What a program can match on.
        location: Where the fault is; null where it is in no file.
        exit: The exit code.
        findings: Where gates refused, all that hold it up; `code` is of the first.
    """

    error: str
    code: str
    message: str
    location: Location | None
    fix: str
    exit: int
    findings: Sequence[Finding] = ()

    @classmethod
    def of(cls, error: VtmError) -> Self:
        """What is to be said of an error that the user can act on."""
        where = Location(error.path, error.line, error.column) if error.path else None
        kind = error.exit_code
        findings = error.findings if isinstance(error, RefusedError) else ()
        return cls(kind.name.lower(), error.code, error.message, where, error.fix, kind, findings)
