"""What is said when gates keep something from happening."""

from collections.abc import Sequence

from vtm.errors import ExitCode, VtmError
from vtm.model.finding import CONFLICTS, Finding


class RefusedError(VtmError):
    """Gates refuse; nothing was written.

    Attributes:
        findings: Why, the first of them being what `code`, `message` and `fix` are from.
    """

    def __init__(self, what: str, findings: Sequence[Finding]) -> None:
        first = findings[0]
        where = first.location
        super().__init__(
            f"{what}: {first.message}",
            code=first.code,
            fix=first.fix,
            path=where.path,
            line=where.line,
            column=where.column,
        )
        self.findings = tuple(findings)
        taken = any(each.code.startswith(CONFLICTS) for each in findings)
        self.exit_code = ExitCode.CONFLICT if taken else ExitCode.NO
